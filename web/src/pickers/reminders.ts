// Reminders in words.

import type { Task } from "doable-client";
import { momentName } from "../app/days.ts";
import { m } from "../i18n/index.ts";

export type Reminder = NonNullable<Task["reminders"]>[number];

export function reminderName({ minutes_before: minutes, at }: Reminder): string {
  if (at !== undefined) return momentName(at);
  return minutes ? m.pickers.reminders.before(minutes) : m.pickers.reminders.atDue;
}

export function isSame(one: Reminder, other: Reminder): boolean {
  if (one.at !== undefined && other.at !== undefined) return Date.parse(one.at) === Date.parse(other.at);
  return one.at === other.at && one.minutes_before === other.minutes_before;
}
