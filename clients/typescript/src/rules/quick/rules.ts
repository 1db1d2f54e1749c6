// What the phrases for rules mean, and where a rule starts.

import { type Day, dayOf, dayOfMonth, dayText, monthOf } from "../days.ts";
import { matches } from "../recurrence/days.ts";
import { CODES, readRule } from "../recurrence/rule.ts";
import type { Recurrence, Viewer } from "../wire.ts";
import { monthDay, slashedMonthDay, weekStart } from "./dates.ts";
import { type Language, numberOf, type Words } from "./language.ts";
import type { Meaning, Reading, RuleWords } from "./meaning.ts";

const FREQUENCIES: ReadonlyMap<string, string> = new Map([
  ...([
    ["day", "DAILY"],
    ["week", "WEEKLY"],
  ] as const),
  ...([
    ["month", "MONTHLY"],
    ["year", "YEARLY"],
  ] as const),
]);
const WORKDAYS = "BYDAY=MO,TU,WE,TH,FR";
const SHORTEST = 28; // days of a month
const LEAP_YEAR = 2000;

export const RULE_READINGS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["interval", (words, _, language) => rule(words, language, FREQUENCIES.get(unitOf(words, language)) ?? "")],
  ["weekly_workdays", (words, viewer, language) => rule(words, language, "WEEKLY", WORKDAYS, startOf(words, viewer))],
  ["weekly_days", weeklyDays],
  ["monthly_weekday", (words, _, language) => rule(words, language, "MONTHLY", placedWeekday(words, language))],
  [
    "monthly_workday",
    (words, _, language) => rule(words, language, "MONTHLY", `${WORKDAYS};BYSETPOS=${places(words, language).join()}`),
  ],
  [
    "monthly_place",
    (words, _, language) => rule(words, language, "MONTHLY", `BYMONTHDAY=${numberOf(words["place"] ?? "", language)}`),
  ],
  ["monthly_days", monthlyDays],
  ["yearly", (words, _, language) => everyYear(words, language, monthDay(words, language))],
  ["yearly_slashed", (words, viewer, language) => everyYear(words, language, slashedMonthDay(words, viewer))],
  ["yearly_weekday", yearlyWeekday],
]);

/**
 * Start a rule at its first match from a day on that is not in the past. The interval counts from the first match. So
 * it only matters where the rule has no days of its own.
 */
export function started(words: RuleWords, day: Day, isPast: (day: Day) => boolean): Required<Recurrence> {
  const settled = settle(words, day);
  const counted = readRule(ruleText(words.by ? { ...settled, interval: 1 } : settled));
  let anchor = day;
  for (const match of matches(counted, day, day)) {
    if (isPast(match)) continue;
    anchor = match;
    break;
  }
  return { rule: ruleText(settled), basis: words.basis, anchor: dayText(anchor) };
}

function ruleText({ frequency, interval, by, weekStart }: RuleWords): string {
  const parts = [`FREQ=${frequency}`, interval > 1 && `INTERVAL=${interval}`, by, weekStart && `WKST=${weekStart}`];
  return parts.filter(Boolean).join(";");
}

// The rule for a series that begins on this day, so that it skips no month or year without this day.
function settle(words: RuleWords, day: Day): RuleWords {
  const [month, number] = [monthOf(day), dayOfMonth(day)];
  if (words.by) return words;
  if (words.frequency === "MONTHLY" && number > SHORTEST) return { ...words, by: monthDays([number]) };
  if (words.frequency === "YEARLY" && month === 2 && number === 29) return { ...words, by: yearDay(month, number) };
  return words;
}

function rule(words: Words, language: Language, frequency: string, by = "", weekStart = ""): Meaning {
  const interval = numberOf(words["interval"] ?? "1", language);
  const basis = words["completion"] === undefined ? "schedule" : "completion";
  return { rule: { frequency, interval, by, basis, weekStart } };
}

function unitOf({ unit = "" }: Words, { units }: Language): string {
  return units.get(unit) ?? "";
}

function weeklyDays(words: Words, viewer: Viewer, language: Language): Meaning {
  const names = listed(words["days"], (word) => language.weekdays.has(word));
  const days = sorted(names.map((word) => language.weekdays.get(word) ?? 0));
  const start = days.length > 1 ? startOf(words, viewer) : "";
  return rule(words, language, "WEEKLY", `BYDAY=${days.map((day) => CODES[day]).join()}`, start);
}

// The WKST that the rule needs: in every second week, the days depend on where a week starts.
function startOf(words: Words, viewer: Viewer): string {
  return words["interval"] === undefined || weekStart(viewer) === "MO" ? "" : weekStart(viewer);
}

function yearlyWeekday(words: Words, _: Viewer, language: Language): Meaning {
  const month = language.months.get(words["month"] ?? "");
  return rule(words, language, "YEARLY", `BYMONTH=${month};${placedWeekday(words, language)}`);
}

function placedWeekday(words: Words, language: Language): string {
  const code = CODES[language.weekdays.get(words["weekday"] ?? "") ?? 0];
  return `BYDAY=${places(words, language)
    .map((place) => `${place}${code}`)
    .join()}`;
}

// Places in a month, the last one (-1) at the end.
function places(words: Words, language: Language): number[] {
  const names = listed(words["places"], (word) => language.numbers.has(word));
  const found = sorted(names.map((word) => numberOf(word, language)));
  return [...found.filter((place) => place > 0), ...found.filter((place) => place < 0)];
}

function monthlyDays(words: Words, _: Viewer, language: Language): Meaning {
  const days = listed(words["days"], () => false).map((word) => numberOf(word, language));
  return rule(words, language, "MONTHLY", monthDays(days));
}

// The words of a list that are known or begin with a digit.
function listed(text = "", isKnown: (word: string) => boolean): string[] {
  return (text.match(/\w+/g) ?? []).filter((word) => isKnown(word) || /^[0-9]/.test(word));
}

// Parts that match in every month. The 31st is the last day. The 29th or the 30th is the last day of the month up to
// it.
function monthDays(days: readonly number[]): string {
  const all = sorted(days);
  const early = all.slice(0, -1);
  const last = all.at(-1) ?? 1;
  if ((last === 29 || last === 30) && !early.includes(29)) {
    const late = Array.from({ length: last - SHORTEST + 1 }, (_, at) => SHORTEST + at);
    const positions = [...early.map((_, at) => at + 1), -1];
    return `BYMONTHDAY=${sorted([...early, ...late]).join()};BYSETPOS=${positions.join()}`;
  }
  return `BYMONTHDAY=${[...early, last === 31 ? -1 : last].join()}`;
}

function everyYear(words: Words, language: Language, [month, day]: [number, number]): Meaning | undefined {
  return dayOf(LEAP_YEAR, month, day) === undefined ? undefined : rule(words, language, "YEARLY", yearDay(month, day));
}

// Parts that match in every year: 29 February is the last day of that month.
function yearDay(month: number, day: number): string {
  return `BYMONTH=${month};BYMONTHDAY=${month === 2 && day === 29 ? -1 : day}`;
}

// Different numbers, in order.
function sorted(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
