// What the phrases for dates and times mean.

import { addMonths, DAY_MS, type Day, dayOf, dayOfMonth, digits } from "../days.ts";
import { isInCalendar, modulo, weekday, yearOf } from "../days.ts";
import { CODES } from "../recurrence/rule.ts";
import type { Viewer } from "../wire.ts";
import { today, wallAt } from "../zones.ts";
import { type Language, numberOf, type Words } from "./language.ts";
import { type Meaning, onDay, type Reading } from "./meaning.ts";

const LEAP = 9; // Among as many years there is always one with a 29 February.
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60 };
const MONTHS: Readonly<Record<string, number>> = { month: 1, year: 12 };

export const DATE_READINGS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["day_word", (words, viewer, { days }) => onDay(today(viewer) + (days.get(words["day"] ?? "") ?? 0))],
  ["next_week", (_, viewer) => onDay(weekAfter(viewer))],
  ["next_month", (_, viewer) => onDay(addMonths(today(viewer) - dayOfMonth(today(viewer)) + 1, 1))],
  ["ahead", ahead],
  ["ahead_minutes", aheadMinutes],
  ["date", (words, viewer, language) => calendar(words["year"], monthDay(words, language), viewer)],
  ["slashed", (words, viewer) => calendar(words["year"], slashedMonthDay(words, viewer), viewer)],
  ["weekday", nextWeekday], // never today
  ["last_word", nextWeekday],
  ["this_weekday", (words, viewer, language) => onDay(firstWeekday(today(viewer), words, language))],
  ["next_weekday", (words, viewer, language) => onDay(firstWeekday(weekAfter(viewer), words, language))],
  ["clock", (words) => ({ clock: clockText(Number(words["hour"]), words) })],
  ["half_day", halfDay],
  ["noon", () => ({ clock: "12:00" })],
]);

/** A month, by name or number, and a day. */
export function monthDay({ month = "", day }: Words, language: Language): [number, number] {
  return [language.months.get(month) ?? Number(month), Number(day)];
}

/** The same of a date with a slash. */
export function slashedMonthDay({ one, two }: Words, viewer: Viewer): [number, number] {
  return viewer.dateOrder === "mdy" ? [Number(one), Number(two)] : [Number(two), Number(one)];
}

/** The user's first day of the week, as RFC 5545 writes it. */
export function weekStart(viewer: Viewer): string {
  return viewer.weekStart.slice(0, 2).toUpperCase();
}

// A date without a year is the next one; today counts.
function calendar(year: string | undefined, [month, day]: [number, number], viewer: Viewer): Meaning | undefined {
  if (year) return onDay(dayOf(Number(`20${year}`.slice(-4)), month, day));
  const first = today(viewer);
  const years = Array.from({ length: LEAP }, (_, at) => yearOf(first) + at);
  return onDay(years.map((one) => dayOf(one, month, day)).find((one) => one !== undefined && one >= first));
}

function ahead(words: Words, viewer: Viewer, language: Language): Meaning | undefined {
  const unit = language.units.get(words["unit"] ?? "") ?? "";
  const number = numberOf(words["number"] ?? "", language);
  const months = MONTHS[unit];
  if (months) return onDay(addMonths(today(viewer), number * months));
  return onDay(today(viewer) + number * (unit === "week" ? 7 : 1));
}

function aheadMinutes(words: Words, viewer: Viewer, language: Language): Meaning | undefined {
  const minutes = MINUTES[language.units.get(words["unit"] ?? "") ?? ""] ?? 0;
  const moment = viewer.now.getTime() + numberOf(words["number"] ?? "", language) * minutes * 60_000;
  if (!isInCalendar(Math.floor(moment / DAY_MS))) return undefined;
  const wall = wallAt(moment, viewer.timeZone);
  const minute = Math.floor(modulo(wall, DAY_MS) / 60_000);
  return { day: Math.floor(wall / DAY_MS), clock: `${digits(Math.floor(minute / 60), 2)}:${digits(minute % 60, 2)}` };
}

function nextWeekday(words: Words, viewer: Viewer, language: Language): Meaning | undefined {
  return onDay(firstWeekday(today(viewer) + 1, words, language));
}

// The first of these weekdays that is not before a day.
function firstWeekday(day: Day, words: Words, { weekdays }: Language): Day {
  return day + modulo((weekdays.get(words["weekday"] ?? "") ?? 0) - weekday(day), 7);
}

// The first day of the next week.
function weekAfter(viewer: Viewer): Day {
  return today(viewer) + 7 - modulo(weekday(today(viewer)) - CODES.indexOf(weekStart(viewer)), 7);
}

function halfDay(words: Words): Meaning {
  return { clock: clockText((Number(words["hour"]) % 12) + (words["half"] === "p" ? 12 : 0), words) };
}

function clockText(hour: number, { minute = "00" }: Words): string {
  return `${digits(hour, 2)}:${minute}`;
}
