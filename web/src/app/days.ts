// Days and times as people read them. A day is a text such as 2026-12-01: it has no time zone.

import type { Task } from "doable-client";
import { locale, m } from "../i18n/index.ts";
import { clock } from "./clock.svelte.ts";
import { follow } from "./live.ts";
import { storeOwner, store } from "./store.svelte.ts";

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone in which the person's days begin. */
export function timeZone(): string {
  return (
    (storeOwner() !== undefined && follow(store().me).current?.time_zone) ||
    Intl.DateTimeFormat().resolvedOptions().timeZone
  );
}

/** Read it where something is shown: it is there again when the day has changed. */
export function today(): string {
  return clock.today;
}

/** The day of an instant in a zone. */
export function dayIn(at: Date, zone: string): string {
  const how = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const parts = new Map(new Intl.DateTimeFormat("en", how).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`; // Browsers write a whole date differently.
}

export function addDays(day: string, count: number): string {
  return new Date(at(day) + count * DAY).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / DAY);
}

/** 0 for Monday. */
export function weekday(day: string): number {
  return (new Date(at(day)).getUTCDay() + 6) % 7;
}

/** The first day of the person's week: 0 for Monday. */
export function weekStart(): number {
  return { monday: 0, sunday: 6, saturday: 5 }[store().me.get()?.week_start ?? "monday"];
}

/** “Today”, “Tomorrow”, “Friday” within a week, else the date; with the year if it is another one. */
export function dayName(day: string, from = today()): string {
  const distance = daysBetween(from, day);
  if (distance === 0) return m.dates.today;
  if (distance === 1) return m.dates.tomorrow;
  if (distance === -1) return m.dates.yesterday;
  if (distance > 1 && distance < 7) return written(day, { weekday: "long" });
  return shortDay(day, from);
}

/** The date without its weekday. */
export function shortDay(day: string, from = today()): string {
  const year = day.slice(0, 4) === from.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return written(day, { day: "numeric", month: "short", ...year });
}

/** A day in full, with its weekday. */
export function longDay(day: string): string {
  return written(day, { weekday: "long", day: "numeric", month: "long" });
}

export function timeName(time: string): string {
  return format({ hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(
    new Date(`1970-01-01T${time.slice(0, 5)}Z`),
  );
}

/** The place that stands for a zone: “New York”. */
export function zoneName(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** A time of another zone than the person's names its place. */
export function dueName(due: NonNullable<Task["due"]>, from = today()): string {
  return [dayName(due.date, from), dueTime(due)].filter(Boolean).join(" ");
}

/** Its time alone, for where its day is known. Empty if it has none. */
export function dueTime({ time, time_zone: zone }: NonNullable<Task["due"]>): string {
  if (!time) return "";
  const place = zone && zone !== timeZone() ? ` ${m.dates.zone(zoneName(zone))}` : "";
  return timeName(time) + place;
}

/** An instant, such as 2026-12-01T09:00:00Z, in the person's zone. */
export function momentName(instant: string, from = today()): string {
  const moment = new Date(instant);
  const time = format({ hour: "numeric", minute: "2-digit", timeZone: timeZone() }).format(moment);
  return `${dayName(dayIn(moment, timeZone()), from)} ${time}`;
}

/** The instant at which clocks of a zone show this; those that a change of the clocks leaves out come later. */
export function instantAt(day: string, time: string, zone = timeZone()): string {
  const wall = Date.parse(`${day}T${time}Z`);
  const guess = wall - offset(wall, zone);
  return new Date(wall - offset(guess, zone)).toISOString();
}

/** Whether a task should have been done: its day is over, or its time has passed. */
export function isPast({ date, time, time_zone: zone }: NonNullable<Task["due"]>): boolean {
  const distance = daysBetween(today(), date);
  if (!time || Math.abs(distance) > 1) return distance < 0;
  return Date.parse(instantAt(date, time.slice(0, 5), zone)) <= clock.now.getTime();
}

function offset(instant: number, zone: string): number {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const zoned = format({ ...parts, timeZone: zone }, "sv-SE").format(instant);
  return Date.parse(`${zoned.replace(" ", "T")}Z`) - Math.floor(instant / 60_000) * 60_000;
}

function at(day: string): number {
  return Date.parse(`${day}T00:00Z`);
}

function written(day: string, how: Intl.DateTimeFormatOptions): string {
  return format({ ...how, timeZone: "UTC" }).format(at(day));
}

/** Making a format takes longer than many uses of it. */
function format(how: Intl.DateTimeFormatOptions, language = locale): Intl.DateTimeFormat {
  const key = language + JSON.stringify(how);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language, how)));
  return found;
}
