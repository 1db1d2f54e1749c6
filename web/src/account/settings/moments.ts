// Instants as people read them.

import { timeZone } from "../../app/days.ts";
import { locale } from "../../i18n/index.ts";

export function momentName(at: string | Date): string {
  return written(at, { dateStyle: "medium", timeStyle: "short" });
}

export function dateName(at: string): string {
  return written(at, { dateStyle: "medium" });
}

function written(at: string | Date, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...how, timeZone: timeZone() }).format(new Date(at));
}
