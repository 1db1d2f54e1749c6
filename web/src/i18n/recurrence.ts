// A recurrence rule as a sentence. The languages give the words; the order of the thoughts is the same.

import type { Frequency, Rule, RuleWeekday } from "../app/rule.ts";
import { dateName, fullDate, listed, weekdayName } from "./names.ts";

/** Weekdays count from 0, Monday. A place, such as “the last day”, is what follows `on`. */
export interface Grammar {
  every(frequency: Frequency, interval: number): string;
  /** Every week on these days: “Every Monday”. */
  weekly(days: readonly number[]): string;
  on(places: readonly string[]): string;
  /** 15 or -1: “the 15th”, “the last day”. */
  monthDay(day: number): string;
  /** The 29th or 30th, or the last day of a month that is shorter. */
  orLastDay(day: number): string;
  /** The last day of February, and those like it. */
  monthDayIn(day: number, month: number): string;
  /** “the first and third Monday”. */
  nth(places: readonly number[], day: string): string;
  /** “on weekdays”: from Monday to Friday. */
  readonly onWorkdays: string;
  /** “on every Monday”. */
  onEach(days: readonly number[]): string;
  /** One of the days from Monday to Friday. */
  readonly workday: string;
  yearDay(day: number): string;
  inMonths(months: readonly number[]): string;
  inWeeks(weeks: readonly number[]): string;
  /** After an nth weekday that counts in the whole year. */
  readonly ofYear: string;
  /** “, if it is a Friday”. */
  onlyOn(days: readonly number[]): string;
  /** “, only the first of these days”. */
  only(places: readonly number[]): string;
  readonly fromCompletion: string;
  times(count: number): string;
  until(date: string): string;
}

/** `basis`: `completion` if it counts from the day of completion. */
export type RecurrenceWords = (rule: Rule, basis?: "schedule" | "completion") => string;

export function recurrenceWords(grammar: Grammar): RecurrenceWords {
  return (rule, basis) =>
    [
      days(rule, grammar),
      basis === "completion" && grammar.fromCompletion,
      rule.count !== undefined && grammar.times(rule.count),
      rule.until !== undefined && grammar.until(fullDate(rule.until)),
    ]
      .filter(Boolean)
      .join("");
}

export function isWorkdays(days: readonly number[]): boolean {
  return days.length === 5 && days.every((day) => day < 5);
}

function days(rule: Rule, grammar: Grammar): string {
  const { frequency, interval, weekdays, months, monthDays, yearDays, weeks, positions } = rule;
  const plain = weekdays.map(({ day }) => day).sort();
  const isPlain = plain.length > 0 && weekdays.every(({ n }) => !n);
  const hasOnlyWeekdays = isPlain && ![months, monthDays, yearDays, weeks, positions].some(({ length }) => length);
  if (hasOnlyWeekdays && interval === 1 && (frequency === "DAILY" || frequency === "WEEKLY")) {
    return plain.length === 7 ? grammar.every("DAILY", 1) : grammar.weekly(plain);
  }
  const numbered = [...placesInMonth(rule, grammar), ...yearDays.map(grammar.yearDay)];
  const isDated = frequency === "YEARLY" && months.length > 0 && monthDays.length > 0 && !positions.length;
  const chosen = isPlain && !numbered.length ? chosenWeekday(plain, positions, grammar) : undefined;
  const hasCondition = isPlain && !chosen && (numbered.length > 0 || frequency === "DAILY");
  const places = numbered.length ? numbered : chosen ? [chosen] : [];
  const on = places.length ? grammar.on(places) : hasCondition ? "" : onWeekdays(rule, plain, isPlain, grammar);
  const isOfYear = frequency === "YEARLY" && !isPlain && weekdays.length > 0 && !months.length;
  const isPositioned = positions.length > 0 && !chosen && shortMonths(rule) === undefined;
  return [
    grammar.every(frequency, interval),
    on && ` ${on}`,
    isOfYear && ` ${grammar.ofYear}`,
    weeks.length && ` ${grammar.inWeeks(weeks)}`,
    months.length && !isDated && ` ${grammar.inMonths(months)}`,
    hasCondition && grammar.onlyOn(plain),
    isPositioned && grammar.only(positions),
  ]
    .filter(Boolean)
    .join("");
}

function onWeekdays(rule: Rule, plain: readonly number[], isPlain: boolean, grammar: Grammar): string {
  if (!plain.length) return "";
  if (!isPlain) return grammar.on(placesOfWeekdays(rule.weekdays, grammar));
  if (rule.frequency !== "WEEKLY" && !rule.weeks.length) return grammar.onEach(plain);
  return isWorkdays(plain) ? grammar.onWorkdays : grammar.on(plain.map((day) => weekdayName(day)));
}

function placesInMonth(rule: Rule, grammar: Grammar): string[] {
  const { frequency, months, monthDays, positions } = rule;
  const short = shortMonths(rule);
  if (short) return [...short.others.map(grammar.monthDay), grammar.orLastDay(short.day)];
  if (frequency !== "YEARLY" || !months.length || positions.length) return monthDays.map(grammar.monthDay);
  return months.flatMap((month) =>
    monthDays.map((day) => (day > 0 ? dateName(month, day) : grammar.monthDayIn(day, month))),
  );
}

/** BYMONTHDAY=15,28,29,30;BYSETPOS=1,-1 is the 15th, and the 30th or the last day of a month that is shorter. */
function shortMonths({ monthDays, positions, weekdays }: Rule): { day: number; others: number[] } | undefined {
  const day = Math.max(...monthDays);
  const others = monthDays.filter((one) => one < 28);
  const tail = monthDays.filter((one) => one >= 28);
  const isWhole = (day === 29 || day === 30) && tail.length === day - 27;
  const wanted = [...others.map((_, at) => at + 1), -1];
  const isLast = positions.length === wanted.length && positions.every((one, at) => one === wanted[at]);
  return isWhole && isLast && !weekdays.length && others.every((one) => one > 0) ? { day, others } : undefined;
}

/** “the last weekday”: one of some weekdays. */
function chosenWeekday(days: readonly number[], positions: readonly number[], grammar: Grammar): string | undefined {
  if (!positions.length) return undefined;
  const names = days.map((day) => weekdayName(day));
  return grammar.nth(positions, isWorkdays(days) ? grammar.workday : listed(names, "disjunction"));
}

function placesOfWeekdays(weekdays: readonly RuleWeekday[], grammar: Grammar): string[] {
  const different = [...new Set(weekdays.map(({ day }) => day))];
  return different.map((day) => {
    const places = weekdays.filter((one) => one.day === day && one.n).map(({ n }) => n);
    return places.length ? grammar.nth(places, weekdayName(day)) : weekdayName(day);
  });
}
