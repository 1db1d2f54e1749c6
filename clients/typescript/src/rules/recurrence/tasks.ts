// What completing and skipping make of a task. Its subtasks, which are open again, are the caller's.

import { dayText, FIRST, LAST, parseDay } from "../days.ts";
import { refuse } from "../errors.ts";
import type { Due, Task, Viewer } from "../wire.ts";
import { dayAt } from "../zones.ts";
import { daysAhead, next, type Recurring } from "./next.ts";

const EARLY_MAX = 366; // days
const OCCURRENCES_MAX = 100;

/**
 * The task after it is completed at `viewer.now`: complete, or at its next occurrence. If `occurrence` is not its
 * present anchor, or if it is complete already, it is the same object. `done` has the anchors of occurrences that are
 * done. They do not come again where the rule counts from completion. Throws Invalid.
 */
export function complete<T extends Task>(task: T, viewer: Viewer, occurrence?: string, done: Iterable<string> = []): T {
  if (isElsewhere(task, occurrence)) return task;
  const completed = { ...task, status: "complete", completed_at: instantText(viewer.now) } as const;
  if (!isRecurring(task)) return completed;
  checkEarly(task, viewer);
  const following = next(task, viewer, false, new Set(done));
  return following ? { ...task, ...following } : completed;
}

/**
 * The task at its next occurrence, without counting as done; complete if no match is left. If `occurrence` is not its
 * present anchor, or if it is complete already, it is the same object. Throws Invalid.
 */
export function skip<T extends Task>(task: T, viewer: Viewer, occurrence?: string, done: Iterable<string> = []): T {
  if (!task.recurrence && occurrence === undefined) {
    refuse("recurrence", "not_recurring", "The task does not recur, so it has no next occurrence");
  }
  if (isElsewhere(task, occurrence) || !isRecurring(task)) return task;
  checkEarly(task, viewer);
  const following = next(task, viewer, true, new Set(done));
  return { ...task, ...(following ?? { status: "complete", completed_at: instantText(viewer.now) }) };
}

/**
 * The days on which a task is due: the present occurrence and those after it, from the day `from` to the day `to`, at
 * most `limit`. Those counted from completion are the ones that come if you complete each on its day. Throws Invalid.
 */
export function occurrences(task: Task, from = dayText(FIRST), to = dayText(LAST), limit = OCCURRENCES_MAX): Due[] {
  const [first, last] = [edge("from", from), edge("to", to)];
  const { due } = task;
  if (!due || task.status === "complete") return [];
  const found: Due[] = [];
  for (const day of isRecurring(task) ? daysAhead(task, first) : [parseDay(due.date) ?? FIRST]) {
    if (day > last || found.length >= limit) break;
    if (day >= first) found.push({ ...due, date: dayText(day) });
  }
  return found;
}

function isRecurring<T extends Task>(task: T): task is T & Recurring {
  return task.due !== undefined && task.recurrence !== undefined;
}

function isElsewhere({ status, due, recurrence }: Task, occurrence: string | undefined): boolean {
  const anchor = recurrence && (recurrence.anchor ?? due?.date);
  return status === "complete" || (occurrence !== undefined && anchor !== occurrence);
}

// A task that the service has not made yet is no older than now.
function checkEarly({ created_at, due }: Recurring, { now }: Viewer): void {
  const today = dayAt(now.getTime(), "UTC");
  const created = parseDay(created_at?.slice(0, 10)) ?? today;
  if (Math.min(created, parseDay(due.date) ?? today) - today <= EARLY_MAX) return;
  const sentence = "Completed_at can't be more than a year before both the creation of the task and its due date";
  refuse("completed_at", "too_early", sentence);
}

function edge(field: string, text: string): number {
  const name = field === "from" ? "From" : "To";
  return parseDay(text) ?? refuse(field, "invalid_date", `${name} must be a date such as 2026-12-01`);
}

// With six digits of fraction, as the service writes it.
function instantText(moment: Date): string {
  return moment.toISOString().replace("Z", "000Z");
}
