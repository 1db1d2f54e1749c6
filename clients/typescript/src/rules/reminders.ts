// When a task reminds its user. The service only stores reminders; each client shows them.

import { parseDay } from "./days.ts";
import type { Task, Viewer } from "./wire.ts";
import { type Instant, instant, wallOf } from "./zones.ts";

/** The moments at which the reminders of a task are due, in milliseconds after 1970, the first one first. */
export function remindersOf({ due, reminders = [] }: Task, viewer: Viewer): readonly Instant[] {
  const day = parseDay(due?.date);
  // The minutes of a whole day count from the time at which the user's day starts.
  const zone = due?.time === undefined ? viewer.timeZone : (due.time_zone ?? viewer.timeZone);
  const base = day === undefined ? NaN : instant(wallOf(day, due?.time ?? viewer.dayStart), zone);
  const moments = reminders.map(({ minutes_before: minutes, at }) =>
    minutes === undefined ? Date.parse(at ?? "") : base - minutes * 60_000,
  );
  return [...new Set(moments.filter((moment) => !Number.isNaN(moment)))].sort((one, other) => one - other);
}
