// Days and times as people read them. A day is a text such as 2026-12-01: it has no time zone.

import type { Task } from "doable-client";
import { locale, m } from "../i18n/index.ts";
import { store } from "./store.svelte.ts";

const DAY = 86_400_000;

/** The zone in which the person's days begin. */
export function timeZone(): string {
  return store().me.get()?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function today(now = new Date()): string {
  return dayIn(now, timeZone());
}

/** The day of an instant in a zone. */
export function dayIn(at: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    at,
  );
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY);
}

/** “Today”, “Tomorrow”, “Friday” within a week, else the date; with the year if it is another one. */
export function dayName(day: string, from = today()): string {
  const distance = daysBetween(from, day);
  if (distance === 0) return m.dates.today;
  if (distance === 1) return m.dates.tomorrow;
  if (distance === -1) return m.dates.yesterday;
  if (distance > 1 && distance < 7) return written(day, { weekday: "long" });
  const year = day.slice(0, 4) === from.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return written(day, { day: "numeric", month: "short", ...year });
}

/** A day in full, with its weekday. */
export function longDay(day: string): string {
  return written(day, { weekday: "long", day: "numeric", month: "long" });
}

export function timeName(time: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(
    new Date(`1970-01-01T${time.slice(0, 5)}Z`),
  );
}

export function dueName({ date, time }: NonNullable<Task["due"]>, from = today()): string {
  return time ? `${dayName(date, from)} ${timeName(time)}` : dayName(date, from);
}

function written(day: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(new Date(`${day}T00:00Z`));
}
