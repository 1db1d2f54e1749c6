// Names of days and months, and lists of words, as the language of the page has them.

import { locale } from "./index.ts";

const MONDAY = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;

/** 0 for Monday. */
export function weekdayName(day: number, length: "long" | "short" | "narrow" = "long"): string {
  return written(MONDAY + day * DAY, { weekday: length });
}

/** 1 for January. */
export function monthName(month: number): string {
  return written(Date.UTC(2026, month - 1), { month: "long" });
}

/** Such as “24 December”, in a year that has a 29 February. */
export function dateName(month: number, day: number): string {
  return written(Date.UTC(2028, month - 1, day), { day: "numeric", month: "long" });
}

/** A day such as 2026-12-31, with its year. */
export function fullDate(day: string): string {
  return written(Date.parse(`${day}T00:00Z`), { day: "numeric", month: "long", year: "numeric" });
}

export function listed(words: readonly string[], type: "conjunction" | "disjunction" = "conjunction"): string {
  return new Intl.ListFormat(locale, { type }).format(words);
}

function written(at: number, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(at);
}
