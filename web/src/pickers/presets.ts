// The rules that people choose most often, and those of the form below them.

import { occurrences } from "doable-client/rules";
import { addDays, weekday } from "../app/days.ts";
import { type Frequency, readRule, type Rule, ruleWith, writeRule } from "../app/rule.ts";

const WORKDAYS = [0, 1, 2, 3, 4].map((day) => ({ day, n: 0 }));

/** What the form says. `on` is one of `monthlyOn`, as a rule without its interval. */
export interface Form {
  /** `SAME`: the days of the rule that was there, which the form has no fields for. */
  readonly unit: Frequency | "SAME";
  readonly interval: number;
  readonly weekdays: readonly number[];
  readonly on: string;
  readonly end: "never" | "date" | "count";
  readonly until: string;
  readonly count: number;
}

/** Those for a task that is due on a day. */
export function presets(day: string): Rule[] {
  return [
    ruleWith({ frequency: "DAILY" }),
    ruleWith({ frequency: "WEEKLY", weekdays: WORKDAYS }),
    ruleWith({ frequency: "WEEKLY", weekdays: [{ day: weekday(day), n: 0 }] }),
    ...monthlyOn(day),
    yearly(day),
  ];
}

/** The ways to say a day in each month: by number, the last one, by weekday. */
export function monthlyOn(day: string): Rule[] {
  const { number, length } = partsOf(day);
  const place = Math.ceil(number / 7);
  const isLast = number + 7 > length;
  return [
    ...(number === 31 ? [] : [ruleWith({ frequency: "MONTHLY", ...inEachMonth(number) })]),
    ruleWith({ frequency: "MONTHLY", monthDays: [-1] }),
    ...(place < 5 ? [ruleWith({ frequency: "MONTHLY", weekdays: [{ day: weekday(day), n: place }] })] : []),
    ...(isLast ? [ruleWith({ frequency: "MONTHLY", weekdays: [{ day: weekday(day), n: -1 }] })] : []),
  ];
}

export function formOf(rule: Rule, day: string): Form {
  const form = plainForm(rule, day);
  const parts = [rule.weekdays, rule.months, rule.monthDays, rule.yearDays, rule.weeks, rule.positions];
  const isSame = parts.every((part) => !part.length) || sorted(ruleOf(form, day)) === sorted(rule);
  return isSame ? form : { ...form, unit: "SAME" };
}

function sorted(rule: Rule): string {
  return writeRule({ ...rule, weekdays: rule.weekdays.toSorted((one, other) => one.day - other.day) });
}

function plainForm(rule: Rule, day: string): Form & { readonly unit: Frequency } {
  const plain = rule.weekdays.filter(({ n }) => !n).map((one) => one.day);
  const ways = monthlyOn(day).map((one) => writeRule(one));
  const on = writeRule({ ...withoutEnd(rule), interval: 1 });
  return {
    unit: rule.frequency,
    interval: rule.interval,
    weekdays: rule.frequency === "WEEKLY" && plain.length ? plain : [weekday(day)],
    on: ways.includes(on) ? on : (ways[0] ?? on),
    end: rule.until ? "date" : rule.count ? "count" : "never",
    until: rule.until ?? addDays(day, 90),
    count: rule.count ?? 10,
  };
}

/** `before`: the rule that was there. */
export function ruleOf(form: Form, day: string, before = ruleWith({})): Rule {
  const { unit, interval, weekdays, on, end, until, count } = form;
  const chosen = {
    DAILY: ruleWith({ frequency: "DAILY" }),
    WEEKLY: ruleWith({
      frequency: "WEEKLY",
      weekdays: weekdays.toSorted((one, other) => one - other).map(plainWeekday),
    }),
    MONTHLY: readRule(on),
    YEARLY: yearly(day),
    SAME: withoutEnd(before),
  }[unit];
  return {
    ...chosen,
    ...(unit !== "SAME" && { interval }),
    ...(end === "date" && { until }),
    ...(end === "count" && { count }),
  };
}

export function withoutEnd(rule: Rule): Rule {
  return { ...rule, count: undefined, until: undefined };
}

/** The first day, from this one on, that a rule can begin with. */
export function firstFrom(rule: Rule, day: string): string {
  const before = addDays(day, -1);
  const text = writeRule({ ...withoutEnd(rule), interval: 1 });
  return daysOf({ rule: text, anchor: before }, before, day, 1)[0] ?? day;
}

/** The days on which a task comes that begins on this one. Empty if there are none. */
export function daysOf(
  recurrence: { readonly rule: string; readonly basis?: "schedule" | "completion"; readonly anchor?: string },
  day: string,
  from: string | undefined,
  limit: number,
): string[] {
  try {
    return occurrences({ title: "", due: { date: day }, recurrence }, from, undefined, limit).map(({ date }) => date);
  } catch {
    return []; // No day matches, or the rule ends before it begins.
  }
}

/** No month is skipped because it is too short, as in quick add. */
function inEachMonth(number: number): Pick<Rule, "monthDays" | "positions"> {
  if (number < 29) return { monthDays: [number], positions: [] };
  return { monthDays: [28, 29, 30].filter((one) => one <= number), positions: [-1] };
}

function yearly(day: string): Rule {
  const { number, month } = partsOf(day);
  const isLeapDay = month === 2 && number === 29;
  return ruleWith({ frequency: "YEARLY", months: [month], monthDays: [isLeapDay ? -1 : number] });
}

function partsOf(day: string): { number: number; month: number; length: number } {
  const [year = 0, month = 0, number = 0] = day.split("-").map(Number);
  return { number, month, length: new Date(Date.UTC(year, month, 0)).getUTCDate() };
}

function plainWeekday(day: number): Rule["weekdays"][number] {
  return { day, n: 0 };
}
