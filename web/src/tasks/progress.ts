// How many subtasks of a task are done, for all tasks in one pass.

import type { TaskItem } from "../app/actions.ts";

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** By what `parent_id` says: an id, or a uid. */
export function progressOf(tasks: readonly TaskItem[]): ReadonlyMap<string | number, Progress> {
  const found = new Map<string | number, { done: number; all: number }>();
  for (const { parent_id, status } of tasks) {
    if (parent_id === undefined) continue;
    const progress = found.get(parent_id) ?? { done: 0, all: 0 };
    progress.all += 1;
    if (status === "complete") progress.done += 1;
    found.set(parent_id, progress);
  }
  return found;
}
