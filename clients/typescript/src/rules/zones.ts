// Wall times in time zones. A wall time is the truth, and an instant follows from it. In a gap of daylight saving
// time, the wall time moves forward by the gap. In an overlap, it is the first of the two instants (RFC 5545 §3.3.5).

import { type Day, DAY_MS, dayText, FIRST, LAST, parseDay } from "./days.ts";
import type { Due, Viewer } from "./wire.ts";

/** Milliseconds after 1970 in UTC. */
export type Instant = number;
/** A wall time, as the instant at which clocks in UTC show it. */
export type Wall = number;

const FIRST_INSTANT = FIRST * DAY_MS;
const LAST_INSTANT = (LAST + 1) * DAY_MS - 1;
const formats = new Map<string, Intl.DateTimeFormat>();
const instants = new WeakMap<Due, Instant>(); // Finding one takes 20 µs.

/** The instant of a wall time in a zone, within the years 1 to 9999. */
export function instant(wall: Wall, zone: string): Instant {
  const before = offset(wall - DAY_MS, zone);
  const after = offset(wall + DAY_MS, zone);
  const isLater = before !== after && offset(wall - before, zone) !== before && offset(wall - after, zone) === after;
  return within(wall - (isLater ? after : before));
}

/** What clocks in the zone show; those of UTC where that is beyond the calendar. */
export function wallAt(moment: Instant, zone: string): Wall {
  const wall = moment + offset(moment, zone);
  return within(wall) === wall ? wall : moment;
}

/** The day of an instant in the zone. */
export function dayAt(moment: Instant, zone: string): Day {
  return Math.floor(wallAt(moment, zone) / DAY_MS);
}

/** The wall time at HH:MM of a day. */
export function wallOf(day: Day, time = "00:00"): Wall {
  return day * DAY_MS + Number(time.slice(0, 2)) * 3_600_000 + Number(time.slice(3, 5)) * 60_000;
}

export function today(viewer: Viewer): Day {
  return dayAt(viewer.now.getTime(), viewer.timeZone);
}

/** The instant of a time in a time zone; undefined for what is on its date everywhere. */
export function instantOf(due: Due): Instant | undefined {
  if (due.time === undefined || due.time_zone === undefined) return undefined;
  let found = instants.get(due);
  if (found === undefined) {
    found = instant(wallOf(parseDay(due.date) ?? FIRST, due.time), due.time_zone);
    instants.set(due, found);
  }
  return found;
}

/** The day on which a viewer in this zone sees a date, such as 2026-12-01. */
export function viewerDay(due: Due, timeZone: string): string {
  const at = instantOf(due);
  return at === undefined ? due.date : dayText(dayAt(at, timeZone));
}

function offset(moment: Instant, zone: string): number {
  // Whole seconds, and never before the year 1, which is written like the one before it.
  const second = Math.floor(Math.max(moment, FIRST_INSTANT + 2 * DAY_MS) / 1000) * 1000;
  const [month, day, year, hour, minute, seconds] = (format(zone).format(second).match(/\d+/g) ?? []).map(Number);
  const wall = new Date(0).setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  return wall + (((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (seconds ?? 0)) * 1000 - second;
}

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) formats.set(zone, (found = made(zone)));
  return found;
}

// A zone that is newer than this browser counts as UTC: a view must not fail because of one task.
function made(timeZone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  const parts = { year: "numeric", month: two, day: two, hour: two, minute: two, second: two } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...parts, calendar: "gregory", hourCycle: "h23", timeZone });
  } catch {
    return made("UTC");
  }
}

function within(moment: Instant): Instant {
  return Math.min(Math.max(moment, FIRST_INSTANT), LAST_INSTANT);
}
