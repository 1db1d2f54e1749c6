// What a person does with tasks. Each act is one change with one undo, and says what it did.

import type { Change, Destination, Item, Patch, Task } from "doable-client";
import { m } from "../i18n/index.ts";
import { store } from "./store.svelte.ts";
import { announce, toast } from "./toast.svelte.ts";

export type TaskItem = Item<Task>;
export type Priority = NonNullable<Task["priority"]>;

export function complete(tasks: readonly TaskItem[]): void {
  act(tasks, m.did.completed(tasks.length), ({ uid }) => store().tasks.complete(uid));
}

export function reopen(tasks: readonly TaskItem[]): void {
  act(tasks, m.did.reopened(tasks.length), ({ uid }) => store().tasks.reopen(uid));
}

export function skip(task: TaskItem): void {
  act([task], m.did.skipped, ({ uid }) => store().tasks.skip(uid));
}

export function remove(tasks: readonly TaskItem[]): void {
  act(tasks, m.did.removed(tasks.length), ({ uid }) => store().tasks.remove(uid));
}

/** `said`: the date as people read it. Null takes the date away. */
export function schedule(tasks: readonly TaskItem[], due: Task["due"] | null, said: string): void {
  patch(tasks, m.did.scheduled(tasks.length, said), { due: due ?? null });
}

export function prioritise(tasks: readonly TaskItem[], priority: Priority | null): void {
  patch(tasks, m.did.prioritised(tasks.length, m.priority[priority ?? "none"]), { priority });
}

export function patch(tasks: readonly TaskItem[], said: string, change: Patch<Task>): void {
  act(tasks, said, ({ uid }) => store().tasks.update(uid, change));
}

/** `where`: the name of the place, for the toast. */
export function move(tasks: readonly TaskItem[], to: Destination, where: string): void {
  act(tasks, m.did.moved(tasks.length, where), ({ uid }) => store().tasks.move(uid, to));
}

export function undo(): void {
  const change = store().undo();
  announce(change ? m.did.undone : m.did.nothingToUndo);
  if (!change) toast(m.did.nothingToUndo);
}

/** Run a change, and show what it did with its undo. What the device can't store is said. */
export function tell(said: string, change: Change): void {
  toast(said, () => void store().undo(change));
  change.stored.catch(() => toast(m.status.full));
}

function act(tasks: readonly TaskItem[], said: string, run: (task: TaskItem) => Change): void {
  const [first] = tasks;
  if (!first) return;
  tell(
    said,
    store().transact(said, () => tasks.forEach(run)),
  );
}
