// Where a recurring task goes when it is completed or skipped, and which days are ahead of it.

import { clamped, DAY_MS, type Day, dayText, FIRST, isInCalendar, parseDay } from "../days.ts";
import { refuse } from "../errors.ts";
import type { Due, Recurrence, Reminder, Task, Viewer } from "../wire.ts";
import { dayAt, instant, wallAt, wallOf } from "../zones.ts";
import { firstMatch, matches, passed } from "./days.ts";
import { choosing, invalid, readRule, type Rule } from "./rule.ts";

/** A task that recurs. */
export type Recurring = Task & { readonly due: Due; readonly recurrence: Recurrence };
/** What differs between the occurrences of a task. */
type Occurrence = Pick<Recurring, "due" | "recurrence" | "start" | "reminders">;
interface Match {
  readonly day: Day;
  /** What is left of COUNT on that day. */
  readonly left: number;
}
/** Which matches come next: after the day `after`, from `first` on, counted from `base`. */
interface Search {
  readonly base: Day;
  readonly after: Day;
  readonly first: Day;
}

/** Anchor a recurrence, by default at its due date. Throws Invalid if no day matches, or if there is no due date. */
export function settle(wish: Recurrence, due?: Due): Required<Recurrence> {
  if (!due) refuse("recurrence", "needs_due", "Recurrence needs a due date");
  const anchor = wish.anchor ?? due.date;
  const rule = readRule(wish.rule);
  const first = firstMatch(rule, toDay(anchor));
  if (first === undefined) throw invalid(`No day matches ${choosing(wish.rule)}, counted from ${anchor}`);
  if (isOver(rule, due, first)) throw invalid(`UNTIL is before the first day that matches, ${dayText(first)}`);
  return { rule: wish.rule, basis: wish.basis ?? "schedule", anchor };
}

/** What the next occurrence changes; undefined if no match is left. `done` has the anchors of those that are done. */
export function next(
  task: Recurring,
  viewer: Viewer,
  isSkip: boolean,
  done: ReadonlySet<string>,
): Occurrence | undefined {
  const { due } = task;
  const place = due.time_zone ?? viewer.timeZone;
  const now = viewer.now.getTime();
  const present = [toDay(due.date), anchorOf(task)];
  // A day before today can't be open, except where a time zone has left out a day.
  const first = clamped(dayAt(now, place) - 1);
  const search = { base: anchorOf(task), after: Math.max(...present), first };
  if (isFromCompletion(task)) {
    const day = dayAt(now, viewer.timeZone);
    search.base = search.after = isSkip ? Math.max(day, ...present) : day;
  }
  for (const match of ahead(task, search, isFromCompletion(task) ? done : new Set())) {
    if (isOpen(due, match.day, now, place)) return moved(task, match, place);
  }
  return undefined;
}

/** The days of a task, from the present occurrence on. */
export function* daysAhead(task: Recurring, first: Day): Generator<Day> {
  const day = toDay(task.due.date);
  const base = isFromCompletion(task) ? day : anchorOf(task);
  yield day;
  for (const match of ahead(task, { base, after: Math.max(day, base), first }, new Set())) yield match.day;
}

// The matches that a search is for, until COUNT or UNTIL ends the rule. The anchor is not one of them, nor are those in
// `done`: a task that is completed early would stay or come back there, and a repeated request would complete it again.
function* ahead(task: Recurring, { base, after, first }: Search, done: ReadonlySet<string>): Generator<Match> {
  const rule = readRule(task.recurrence.rule);
  const [anchor, fromCompletion] = [anchorOf(task), isFromCompletion(task)];
  let start = clamped(after + 1);
  if (rule.count === undefined || !fromCompletion) start = Math.max(start, first);
  let left = rule.count ?? 0;
  // Of the days from completion, only the anchor has passed.
  if (rule.count !== undefined) left -= passed(rule, anchor, fromCompletion ? clamped(anchor + 1) : start, left);
  let place = 0;
  for (const day of matches(rule, base, start)) {
    if (day === anchor || (done.size && done.has(dayText(day)))) continue;
    if ((rule.count !== undefined && place >= left) || isOver(rule, task.due, day)) return;
    if (day > after && day >= first) yield { day, left: fromCompletion ? left : left - place };
    place++;
  }
}

function moved({ due, recurrence, start, reminders }: Recurring, { day, left }: Match, place: string): Occurrence {
  const by = day - toDay(due.date);
  const rule = recurrence.rule.replace(/(COUNT=)[0-9]+/gi, (_, name: string) => name + String(left));
  return {
    due: { ...due, date: dayText(day) },
    recurrence: { ...recurrence, rule, anchor: dayText(day) },
    ...(start && { start: { ...start, date: dayText(clamped(toDay(start.date) + by)) } }),
    ...(reminders && { reminders: reminders.map((one) => (by ? movedReminder(one, by, place) : one)) }),
  };
}

// Moves an instant by days, to the same wall time of a time zone. Beyond the calendar, it stays.
function movedReminder(reminder: Reminder, by: number, place: string): Reminder {
  const at = Date.parse(reminder.at ?? "");
  const second = Math.floor(at / 1000) * 1000;
  if (Number.isNaN(second)) return reminder;
  const wall = wallAt(second, place) + by * DAY_MS;
  if (!isInCalendar(Math.floor(wall / DAY_MS))) return reminder;
  const fraction = /\.(\d{1,6})/.exec(reminder.at ?? "")?.[1] ?? "";
  return { at: `${new Date(instant(wall, place)).toISOString().slice(0, 19)}.${fraction.padEnd(6, "0")}Z` };
}

// Whether UNTIL is before the day. Without a time zone in `due`, the Z of UTC has no meaning.
function isOver({ until }: Rule, due: Due, day: Day): boolean {
  if (!until) return false;
  if (until.wall === undefined || due.time === undefined) return day > until.day;
  const wall = wallOf(day, due.time);
  return (until.isUtc && due.time_zone ? instant(wall, due.time_zone) : wall) > until.wall;
}

// Whether a day, or a time of that day, has not passed yet.
function isOpen(due: Due, day: Day, now: number, place: string): boolean {
  return due.time === undefined ? day >= dayAt(now, place) : instant(wallOf(day, due.time), place) > now;
}

function isFromCompletion({ recurrence }: Recurring): boolean {
  return recurrence.basis === "completion";
}

function anchorOf({ due, recurrence }: Recurring): Day {
  return toDay(recurrence.anchor ?? due.date);
}

function toDay(text: string): Day {
  return parseDay(text) ?? FIRST;
}
