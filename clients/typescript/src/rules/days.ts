// Days of the calendar, as the number of days after 1 January 1970. The calendar has the years 1 to 9999.

export type Day = number;

export const DAY_MS = 86_400_000;
/** The first and the last day of the calendar. */
export const FIRST: Day = Date.parse("0001-01-01T00:00:00Z") / DAY_MS;
export const LAST: Day = Date.parse("9999-12-31T00:00:00Z") / DAY_MS;

/** Parse a day like 2026-12-01; undefined if it is no day of the calendar. */
export function parseDay(text: unknown): Day | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  return day >= FIRST && dayText(day) === text ? day : undefined;
}

export function dayText(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day with these numbers; undefined if it is no day of the calendar. */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  return parseDay([digits(year, 4), digits(month, 2), digits(day, 2)].join("-"));
}

export function digits(number: number, length: number): string {
  return String(number).padStart(length, "0");
}

export function yearOf(day: Day): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** 1 for January. */
export function monthOf(day: Day): number {
  return new Date(day * DAY_MS).getUTCMonth() + 1;
}

export function dayOfMonth(day: Day): number {
  return new Date(day * DAY_MS).getUTCDate();
}

/** 0 for Monday. */
export function weekday(day: Day): number {
  return modulo(day + 3, 7);
}

export function january1(year: number): Day {
  return new Date(0).setUTCFullYear(year, 0, 1) / DAY_MS;
}

export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function monthLength(year: number, month: number): number {
  return month === 2 ? 28 + Number(isLeap(year)) : 30 + ((month + (month >> 3)) % 2);
}

/** The same day some months later, or the last day of a shorter month; undefined beyond the calendar. */
export function addMonths(day: Day, count: number): Day | undefined {
  const month = yearOf(day) * 12 + monthOf(day) - 1 + count;
  const [year, number] = [Math.floor(month / 12), modulo(month, 12) + 1];
  if (year < 1 || year > 9999) return undefined;
  return dayOf(year, number, Math.min(dayOfMonth(day), monthLength(year, number)));
}

/** Whether the day is in the calendar. */
export function isInCalendar(day: Day): boolean {
  return day >= FIRST && day <= LAST;
}

/** The nearest day of the calendar. */
export function clamped(day: Day): Day {
  return Math.min(Math.max(day, FIRST), LAST);
}

/** The remainder, which is never negative. */
export function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}
