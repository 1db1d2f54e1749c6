// Reads recurrence rules: RRULE values (RFC 5545 §3.3.10) without DTSTART and without times of the day.

import { type Day, parseDay } from "../days.ts";
import { Invalid } from "../errors.ts";
import { type Wall, wallOf } from "../zones.ts";
import { isPossible } from "./days.ts";

const RULE_MAX = 500; // characters
const LIST_MAX = 62; // values; BYMONTHDAY has no more
const COUNT_MAX = 9999;
const INTERVAL_MAX = 9999;
const WEEKS_MAX = 53; // in a year
const FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
const WEEKDAY = /^([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;
const UNTIL = /^([0-9]{4})([0-9]{2})([0-9]{2})(?:T([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])(Z?))?$/;
const TIMES = ["BYHOUR", "BYMINUTE", "BYSECOND"];
/** Weekdays as RFC 5545 writes them. */
export const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** `day` is 0 for Monday. `n` is its place in the month or the year: 1 is the first, -1 the last, 0 is any. */
export interface Weekday {
  readonly day: number;
  readonly n: number;
}

/** The last day, or the last time, which may be in UTC. */
interface Until {
  readonly day: Day;
  readonly wall: Wall | undefined;
  readonly isUtc: boolean;
}

/** `weekStart` is 0 for Monday. */
export interface Rule {
  readonly frequency: (typeof FREQUENCIES)[number];
  readonly interval?: number;
  readonly weekStart?: number;
  readonly count?: number;
  readonly until?: Until;
  readonly positions?: readonly number[];
  readonly months?: readonly number[];
  readonly monthDays?: readonly number[];
  readonly yearDays?: readonly number[];
  readonly weeks?: readonly number[];
  readonly weekdays?: readonly Weekday[];
}

type Draft = { -readonly [K in keyof Rule]?: Rule[K] };
/** Sets what a text says. Returns whether it is valid. */
type Reader = (draft: Draft, text: string) => boolean;

/** Parse a rule. Throws Invalid with every fault. */
export function readRule(text: string): Rule {
  if (!/^[\0-\x7f]*$/.test(text) || text.length > RULE_MAX) {
    throw invalid(`Rule must be at most ${RULE_MAX} ASCII characters`);
  }
  const draft: Draft = {};
  const faults = read(text.toUpperCase().split(";"), draft);
  if (!faults.length) faults.push(...conflicts(draft));
  const { frequency, positions, ...parts } = draft;
  if (faults.length || !frequency) throw invalid(...faults);
  // A day is the first and the last of its own.
  const rule = { frequency, ...parts, ...(positions && frequency !== "DAILY" && { positions }) };
  if (!isPossible(rule)) throw invalid(`No day matches ${choosing(text)}`);
  return rule;
}

export function invalid(...messages: string[]): Invalid {
  return new Invalid(messages.map((message) => ({ field: "recurrence.rule", code: "invalid_rule", message })));
}

/** Name the parts of a rule that choose its days. */
export function choosing(text: string): string {
  return (text.toUpperCase().match(/INTERVAL|BY[A-Z]+/g) ?? []).join(" and ");
}

// Returns a message for each part that is not valid.
function read(parts: readonly string[], draft: Draft): string[] {
  const seen = new Set<string>();
  return parts.flatMap((part) => {
    const name = part.split("=", 1)[0] ?? "";
    if (seen.has(name)) return [`${name} is in the rule twice`];
    if (TIMES.includes(name)) return [`${name} is not supported: the time is in due`];
    const [expected, reader] = PARTS.get(name) ?? [];
    if (!reader) return [`'${name}' is not a part of a rule`];
    seen.add(name);
    return reader(draft, part.slice(name.length + 1)) ? [] : [`${name} must be ${expected}`];
  });
}

// A message for each combination of parts that RFC 5545 §3.3.10 forbids.
function conflicts(rule: Draft): string[] {
  const { frequency, months, monthDays, yearDays, weeks, weekdays, positions } = rule;
  const isNumbered = weekdays?.some((weekday) => weekday.n);
  const canNumber = frequency === "MONTHLY" || (frequency === "YEARLY" && !weeks);
  const isChosen = months ?? monthDays ?? yearDays ?? weeks ?? weekdays;
  const found: [unknown, string][] = [
    [!frequency, "FREQ is missing"],
    [rule.count && rule.until, "COUNT and UNTIL can't be in one rule"],
    [weeks && frequency !== "YEARLY", "BYWEEKNO needs FREQ=YEARLY"],
    [yearDays && frequency !== "YEARLY", "BYYEARDAY needs FREQ=YEARLY"],
    [monthDays && frequency === "WEEKLY", "BYMONTHDAY can't be in a rule with FREQ=WEEKLY"],
    [
      isNumbered && (!canNumber || weeks),
      "BYDAY can have numbers only with FREQ=MONTHLY, or with FREQ=YEARLY without BYWEEKNO",
    ],
    [positions && !isChosen, "BYSETPOS needs another BY part"],
    [
      frequency === "DAILY" && positions && !positions.some((one) => Math.abs(one) === 1),
      "BYSETPOS can only be 1 or -1 with FREQ=DAILY: a day has one match",
    ],
  ];
  return found.filter(([isWrong]) => isWrong).map(([, message]) => message);
}

function part<K extends keyof Rule>(name: K, read: (text: string) => Rule[K] | undefined): Reader {
  return (draft, text) => {
    const value = read(text);
    if (value !== undefined) draft[name] = value;
    return value !== undefined;
  };
}

function integer(name: "interval" | "count", most: number): readonly [string, Reader] {
  const read = (text: string) => (/^[0-9]+$/.test(text) ? inRange(Number(text), most) : undefined);
  return [`a number from 1 to ${most}`, part(name, read)];
}

function integers(
  name: "positions" | "months" | "monthDays" | "yearDays" | "weeks",
  most: number,
  sign = "[+-]?",
): readonly [string, Reader] {
  const pattern = new RegExp(`^${sign}[0-9]{1,3}$`);
  const signed = sign && ` or -${most} to -1`;
  const expected = `up to ${LIST_MAX} numbers from 1 to ${most}${signed}, with commas between them`;
  const read = (one: string) => (pattern.test(one) ? inRange(Number(one), most) : undefined);
  return [expected, part(name, (text) => list(text, read))];
}

function inRange(number: number, most: number): number | undefined {
  return Math.abs(number) >= 1 && Math.abs(number) <= most ? number : undefined;
}

// The values of a list; undefined if one of them is.
function list<T>(text: string, read: (one: string) => T | undefined): T[] | undefined {
  const values = text.split(",").map(read);
  const found = values.filter((value) => value !== undefined);
  return found.length === values.length && values.length <= LIST_MAX ? found : undefined;
}

function weekday(text: string): Weekday | undefined {
  const [, number, code = ""] = WEEKDAY.exec(text) ?? [];
  const n = number === undefined ? 0 : inRange(Number(number), WEEKS_MAX);
  return code && n !== undefined ? { day: CODES.indexOf(code), n } : undefined;
}

function until(text: string): Until | undefined {
  const [, year, month, number, hour, minute, second, zone] = UNTIL.exec(text) ?? [];
  const day = parseDay([year, month, number].join("-"));
  if (day === undefined) return undefined;
  const wall = hour === undefined ? undefined : wallOf(day, `${hour}:${minute}`) + Number(second) * 1000;
  return { day, wall, isUtc: zone === "Z" };
}

const PARTS: ReadonlyMap<string, readonly [expected: string, Reader]> = new Map([
  ["FREQ", ["DAILY, WEEKLY, MONTHLY or YEARLY", part("frequency", (text) => FREQUENCIES.find((one) => one === text))]],
  ["INTERVAL", integer("interval", INTERVAL_MAX)],
  ["COUNT", integer("count", COUNT_MAX)],
  ["UNTIL", ["a day like 20261231, or a time like 20261231T170000 or 20261231T160000Z", part("until", until)]],
  ["WKST", [`one of ${CODES.join(", ")}`, part("weekStart", (text) => indexOf(CODES, text))]],
  ["BYMONTH", integers("months", 12, "")],
  ["BYMONTHDAY", integers("monthDays", 31)],
  ["BYYEARDAY", integers("yearDays", 366)],
  ["BYWEEKNO", integers("weeks", WEEKS_MAX)],
  [
    "BYDAY",
    [
      `up to ${LIST_MAX} weekdays like MO or -1FR, with commas between them`,
      part("weekdays", (text) => list(text, weekday)),
    ],
  ],
  ["BYSETPOS", integers("positions", 366)],
]);

function indexOf(words: readonly string[], word: string): number | undefined {
  return words.includes(word) ? words.indexOf(word) : undefined;
}
