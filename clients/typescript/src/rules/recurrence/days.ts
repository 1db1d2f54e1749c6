// The days of a recurrence rule. Without INTERVAL, those of a year depend only on its kind, and there are 28 kinds.

import { type Day, dayOfMonth, isLeap, january1, modulo, monthLength, monthOf, weekday, yearOf } from "../days.ts";
import type { Rule, Weekday } from "./rule.ts";

const CYCLE = 400; // years, until weekdays, leap years and weeks repeat
const LAST_YEAR = 9999;
const WEEK = 7;

/** A day of a year, as its distance from 1 January. The weeks around a year count too. */
type YearDay = number;
/** Days from `start` up to `end`, without that. */
interface Span {
  readonly start: YearDay;
  readonly end: YearDay;
}

/**
 * The days that match, in order, from `first` on, until there is none for 400 years. INTERVAL and what the rule leaves
 * out count from `anchor`; no day before it matches. COUNT and UNTIL have no effect.
 */
export function* matches(rule: Rule, anchor: Day, first: Day): Generator<Day> {
  const start = Math.max(first, anchor);
  const whole = filled(rule, anchor);
  const kinds = new Map<number, ReadonlySet<YearDay>>();
  let latest = yearOf(start);
  for (let year = latest; year <= LAST_YEAR && year - latest <= CYCLE; year++) {
    const like = kindOf(year);
    const days = kinds.get(like) ?? new Set(matching(whole, like));
    kinds.set(like, days);
    if (!days.size) continue;
    const january = january1(year);
    for (const day of counted(whole, anchor, year, Math.max(start - january, 0))) {
      if (!days.has(day)) continue;
      latest = year;
      yield january + day;
    }
  }
}

/** Count the matches from `anchor` on that are before a day, up to `most`. */
export function passed(rule: Rule, anchor: Day, day: Day, most: number): number {
  let count = 0;
  for (const match of matches(rule, anchor, anchor)) {
    if (match >= day || count >= most) break;
    count++;
  }
  return count;
}

/** The first day that matches, from `anchor` on. */
export function firstMatch(rule: Rule, anchor: Day): Day | undefined {
  return matches(rule, anchor, anchor).next().value ?? undefined;
}

/** Whether a day matches in any kind of year, with INTERVAL=1. If the anchor decides that, it may. */
export function isPossible(rule: Rule): boolean {
  return needsAnchor(rule) || KINDS.some((year) => matching(rule, year).length);
}

// Whether the rule leaves out which days match.
function needsAnchor(rule: Rule): boolean {
  return !(rule.monthDays ?? rule.yearDays ?? rule.weekdays);
}

// Adds what the rule leaves out (RFC 5545 §3.3.10; RFC 8984 §4.3.3 says more).
function filled(rule: Rule, anchor: Day): Rule {
  if (rule.frequency === "DAILY" || !needsAnchor(rule)) return rule;
  if (rule.frequency === "WEEKLY" || rule.weeks) return { ...rule, weekdays: [{ day: weekday(anchor), n: 0 }] };
  const month = rule.frequency === "YEARLY" && { months: [monthOf(anchor)] };
  return { ...month, ...rule, monthDays: [dayOfMonth(anchor)] };
}

// The days of a year, from `first` on, that are in a period which INTERVAL counts.
function* counted(rule: Rule, anchor: Day, year: number, first: YearDay): Generator<YearDay> {
  const end = yearLength(year);
  for (const period of countedPeriods(rule, anchor, year)) {
    for (let day = Math.max(period.start, first); day < Math.min(period.end, end); day++) yield day;
  }
}

function countedPeriods({ frequency, interval = 1, weekStart = 0 }: Rule, anchor: Day, year: number): Span[] {
  const whole = { start: 0, end: yearLength(year) };
  if (interval === 1) return [whole];
  if (frequency === "YEARLY") return modulo(year - yearOf(anchor), interval) ? [] : [whole];
  if (frequency === "MONTHLY") {
    const first = modulo(12 * (yearOf(anchor) - year) + monthOf(anchor) - 1, interval);
    return range({ start: first, end: 12 }, interval).flatMap((month) => monthsOf(year).slice(month, month + 1));
  }
  const size = frequency === "WEEKLY" ? WEEK : 1;
  const origin = anchor - modulo(weekday(anchor) - weekStart, size) - january1(year);
  const first = modulo(origin + size - 1, size * interval) - size + 1; // It can begin before the year.
  return range({ start: first, end: whole.end }, size * interval).map((start) => ({ start, end: start + size }));
}

// The days of a year that match with INTERVAL=1, in order.
function matching(rule: Rule, year: number): YearDay[] {
  const length = yearLength(year);
  const parts = partsOf(rule, year);
  let days = range({ start: -WEEK, end: length + WEEK }).filter((day) => parts.every((part) => part.has(day)));
  const { positions } = rule;
  if (positions) days = periods(rule, year).flatMap((period) => chosen(days, period, positions));
  return days.filter((day) => day >= 0 && day < length);
}

// For each BY part, the days that match one of its values.
function partsOf(rule: Rule, year: number): Set<YearDay>[] {
  const { months, monthDays, yearDays, weeks, weekdays, weekStart = 0 } = rule;
  const spans = monthsOf(year);
  const whole = { start: 0, end: yearLength(year) };
  const within = rule.frequency === "MONTHLY" || months ? spans : [whole];
  const parts = [
    months?.flatMap((month) => monthAround(year, month)),
    monthDays && spans.flatMap((span) => nths(range(span), monthDays)),
    yearDays && nths(range(whole), yearDays),
    weeks && weeksNumbered(year, weeks, weekStart),
    weekdays?.flatMap((value) => weekdaysAt(year, value, within)),
  ];
  return parts.filter((part) => part !== undefined).map((part) => new Set(part));
}

// The days of a month, with those next to the year.
function monthAround(year: number, month: number): YearDay[] {
  const length = yearLength(year);
  const around = month === 1 ? [{ start: length, end: length + WEEK }] : month === 12 ? [{ start: -WEEK, end: 0 }] : [];
  return [...monthsOf(year).slice(month - 1, month), ...around].flatMap((span) => range(span));
}

function weeksNumbered(year: number, values: readonly number[], weekStart: number): YearDay[] {
  const starts = [year - 1, year, year + 1].flatMap((one) => nths(weekStarts(year, one, weekStart), values));
  return starts.flatMap((start) => range({ start, end: start + WEEK }));
}

// Where the weeks of another year begin. A week belongs to the year of its fourth day.
function weekStarts(year: number, other: number, weekStart: number): YearDay[] {
  const [start = 0, end = 0] = [other, other + 1].map((one) => {
    const fourth = january1(one) + 3;
    return fourth - modulo(weekday(fourth) - weekStart, WEEK) - january1(year);
  });
  return range({ start, end }, WEEK);
}

function weekdaysAt(year: number, { day, n }: Weekday, spans: readonly Span[]): YearDay[] {
  if (!n) return weekdaysIn(year, { start: -WEEK, end: yearLength(year) + WEEK }, day);
  return spans.flatMap((span) => nths(weekdaysIn(year, span, day), [n]));
}

function weekdaysIn(year: number, { start, end }: Span, day: number): YearDay[] {
  return range({ start: start + modulo(day - weekday(january1(year)) - start, WEEK), end }, WEEK);
}

// The periods of a year, the weeks with all their days.
function periods({ frequency, weekStart = 0 }: Rule, year: number): Span[] {
  const whole = { start: 0, end: yearLength(year) };
  if (frequency !== "WEEKLY") return frequency === "MONTHLY" ? monthsOf(year) : [whole];
  const first = modulo(weekStart - weekday(january1(year)), WEEK) - WEEK;
  return range({ start: first, end: whole.end }, WEEK).map((start) => ({ start, end: start + WEEK }));
}

// Applies BYSETPOS to the days of a period.
function chosen(days: readonly YearDay[], { start, end }: Span, positions: readonly number[]): YearDay[] {
  const inside = days.filter((day) => day >= start && day < end);
  const places = new Set(nths(inside, positions));
  return inside.filter((day) => places.has(day));
}

// The values at these places, from the first (1) or from the last (-1), as far as there are such.
function nths(values: readonly number[], places: readonly number[]): number[] {
  return places.map((n) => values[n > 0 ? n - 1 : values.length + n]).filter((value) => value !== undefined);
}

function range({ start, end }: Span, step = 1): number[] {
  const numbers = [];
  for (let number = start; number < end; number += step) numbers.push(number);
  return numbers;
}

function monthsOf(year: number): Span[] {
  let end = 0;
  return range({ start: 1, end: 13 }).map((month) => ({ start: end, end: (end += monthLength(year, month)) }));
}

function yearLength(year: number): number {
  return 365 + Number(isLeap(year));
}

// A year of the same kind.
function kindOf(year: number): number {
  return LIKE[year % CYCLE] ?? year;
}

function kind(year: number): string {
  return [weekday(january1(year)), isLeap(year - 1), isLeap(year), isLeap(year + 1)].join();
}

const CYCLE_YEARS = range({ start: 5 * CYCLE, end: 6 * CYCLE });
const FIRST_OF_KIND = new Map(CYCLE_YEARS.toReversed().map((year) => [kind(year), year]));
const LIKE = CYCLE_YEARS.map((year) => FIRST_OF_KIND.get(kind(year)) ?? year);
const KINDS = [...FIRST_OF_KIND.values()];
