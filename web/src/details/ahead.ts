// What comes next for a task that recurs.

import { complete, occurrences, type Task, type Viewer } from "doable-client/rules";
import type { TaskItem } from "../app/actions.ts";
import { timeZone } from "../app/days.ts";
import { store } from "../app/store.svelte.ts";

const AHEAD = 3;

/** The days on which it comes if you complete it now. Empty: this is the last time. */
export function daysAhead(task: TaskItem): readonly string[] {
  const { recurrence, due, status = "incomplete" } = task;
  if (!recurrence || !due || status === "complete") return [];
  const rest = { title: task.title, due, recurrence, status, created_at: task.created_at ?? new Date().toISOString() };
  try {
    const done: Task = complete<Task>(rest, viewer());
    return occurrences(done, undefined, undefined, AHEAD).map(({ date }) => date);
  } catch {
    return []; // Too early to complete it.
  }
}

function viewer(): Viewer {
  const me = store().me.get();
  return {
    now: new Date(),
    timeZone: timeZone(),
    weekStart: me?.week_start ?? "monday",
    dayStart: me?.day_start ?? "09:00",
    dateOrder: me?.date_order ?? "dmy",
  };
}
