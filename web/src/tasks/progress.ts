// How many subtasks of a task are done.

import type { Counts, Live } from "doable-client";
import type { TaskItem } from "../app/actions.ts";
import { store } from "../app/store.svelte.ts";

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** Of all tasks. A subtask names its task by id, or by uid as long as the service has not numbered the task. */
export function subtaskCounts(): Live<Counts> {
  return store().tasks.count(keysOf);
}

/** Undefined for a task that has no subtasks. */
export function progressOf({ uid, id }: TaskItem, counts: Counts): Progress | undefined {
  const count = (state: string): number =>
    counts.of(keyOf(uid, state)) + (id === undefined ? 0 : counts.of(keyOf(id, state)));
  const done = count("done");
  const all = done + count("open");
  return all ? { done, all } : undefined;
}

function keysOf({ parent_id, status }: TaskItem): readonly string[] {
  return parent_id === undefined ? [] : [keyOf(parent_id, status === "complete" ? "done" : "open")];
}

function keyOf(parent: string | number, state: string): string {
  return `${state} ${parent}`;
}
