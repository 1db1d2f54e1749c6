// Recurrence rules as values: docs/recurrence.md says what they can hold. The service has checked those that tasks have.

export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

/** `day` is 0 for Monday. `n` is its place in the month or the year: 1 is the first, -1 the last, 0 is any. */
export interface RuleWeekday {
  readonly day: number;
  readonly n: number;
}

export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count?: number | undefined;
  /** The last day, such as 2026-12-31. */
  readonly until?: string | undefined;
  readonly weekdays: readonly RuleWeekday[];
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly yearDays: readonly number[];
  readonly weeks: readonly number[];
  /** Which of the days in a period: 1 is the first, -1 the last. */
  readonly positions: readonly number[];
}

const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const EVERY_DAY: Rule = {
  frequency: "DAILY",
  interval: 1,
  weekdays: [],
  months: [],
  monthDays: [],
  yearDays: [],
  weeks: [],
  positions: [],
};

/** A rule with these parts and no others. */
export function ruleWith(parts: Partial<Rule>): Rule {
  return { ...EVERY_DAY, ...parts };
}

export function readRule(text: string): Rule {
  const parts = new Map(text.toUpperCase().split(";").map(pair));
  const values = (name: string): string[] => (parts.get(name) ?? "").split(",").filter(Boolean);
  const numbers = (name: string): number[] => values(name).map(Number);
  const count = parts.get("COUNT");
  const until = parts.get("UNTIL");
  return {
    frequency: (["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const).find((one) => one === parts.get("FREQ")) ?? "DAILY",
    interval: Number(parts.get("INTERVAL") ?? 1),
    count: count === undefined ? undefined : Number(count),
    until: until?.replace(/^(\d{4})(\d\d)(\d\d).*$/, "$1-$2-$3"),
    weekdays: values("BYDAY").map((one) => ({ day: CODES.indexOf(one.slice(-2)), n: Number(one.slice(0, -2)) })),
    months: numbers("BYMONTH"),
    monthDays: numbers("BYMONTHDAY"),
    yearDays: numbers("BYYEARDAY"),
    weeks: numbers("BYWEEKNO"),
    positions: numbers("BYSETPOS"),
  };
}

/** `weekStart`: 0 for Monday. It matters where weeks are left out. */
export function writeRule(rule: Rule, weekStart = 0): string {
  const { frequency, interval, count, until, weekdays, months, monthDays, yearDays, weeks, positions } = rule;
  const days = weekdays.map(({ day, n }) => `${n || ""}${CODES[day] ?? ""}`);
  const hasWeeks = frequency === "WEEKLY" && interval > 1 && weekStart !== 0;
  return [
    `FREQ=${frequency}`,
    interval > 1 && `INTERVAL=${interval}`,
    hasWeeks && `WKST=${CODES[weekStart] ?? ""}`,
    months.length && `BYMONTH=${months.join()}`,
    weeks.length && `BYWEEKNO=${weeks.join()}`,
    yearDays.length && `BYYEARDAY=${yearDays.join()}`,
    monthDays.length && `BYMONTHDAY=${monthDays.join()}`,
    days.length && `BYDAY=${days.join()}`,
    positions.length && `BYSETPOS=${positions.join()}`,
    count !== undefined && `COUNT=${count}`,
    until !== undefined && `UNTIL=${until.replaceAll("-", "")}`,
  ]
    .filter(Boolean)
    .join(";");
}

function pair(part: string): [name: string, value: string] {
  const at = part.indexOf("=");
  return [part.slice(0, at), part.slice(at + 1)];
}
