// What comes next for a task that recurs.

import { complete, occurrences, type Task, type Viewer } from "doable-client/rules";
import type { TaskItem } from "../app/actions.ts";
import { timeZone } from "../app/days.ts";
import { store } from "../app/store.svelte.ts";

const AHEAD = 3;

export interface Ahead {
  /** The days after the present one. */
  readonly days: readonly string[];
  /** The day to which it moves when it is completed now. Undefined: this is the last time. */
  readonly afterDone: string | undefined;
}

export function aheadOf(task: TaskItem): Ahead {
  const { recurrence, due, status = "incomplete" } = task;
  if (!recurrence || !due || status === "complete") return { days: [], afterDone: undefined };
  const rest = { title: task.title, due, recurrence, status, created_at: task.created_at ?? new Date().toISOString() };
  try {
    const done: Task = complete<Task>(rest, viewer());
    return {
      days: occurrences(rest, undefined, undefined, AHEAD + 1)
        .slice(1)
        .map(({ date }) => date),
      afterDone: done.status === "complete" ? undefined : done.due?.date,
    };
  } catch {
    return { days: [], afterDone: undefined }; // Too early to complete it.
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
