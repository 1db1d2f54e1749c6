// What a person does with tasks. Each act is one change with one undo, and says what it did.

import type { Change, Destination, Item, New, Patch, Task } from "doable-client";
import { m } from "../i18n/index.ts";
import { dayName, dueName } from "./days.ts";
import { recent } from "./recent.svelte.ts";
import { store } from "./store.svelte.ts";
import { toast } from "./toast.svelte.ts";
import { remember, takeBack, takeBackLast } from "./undo.ts";

export type TaskItem = Item<Task>;
export type Priority = NonNullable<Task["priority"]>;

/** The store takes at most this many operations as one change. */
const OPERATIONS_MAX = 500;

export function complete(tasks: readonly TaskItem[]): void {
  const changes = run(tasks, m.did.completed(tasks.length), ({ uid }) => store().tasks.complete(uid));
  changes.forEach((change, at) => recent.add(uidsOf(parts(tasks)[at] ?? []), change));
  if (changes.length) tell(movedOn(tasks) ?? m.did.completed(tasks.length), ...changes);
}

export function reopen(tasks: readonly TaskItem[]): void {
  recent.forget(uidsOf(tasks));
  act(tasks, m.did.reopened(tasks.length), ({ uid }) => store().tasks.reopen(uid));
}

/** What a click on the checkbox does. A task that has moved on a moment ago moves back. */
export function toggle(task: TaskItem): void {
  const change = recent.all.get(task.uid);
  const now = store().tasks.get(task.uid).get() ?? task;
  if (now.status === "complete") return reopen([now]);
  if (!change) return complete([now]);
  recent.forget([task.uid]);
  store().undo(change);
  toast(m.did.undone);
}

export function skip(task: TaskItem): void {
  act([task], m.did.skipped, ({ uid }) => store().tasks.skip(uid));
}

export function remove(tasks: readonly TaskItem[]): void {
  const tops = withoutInner(tasks); // Subtasks go with their task.
  act(tops, m.did.removed(tasks.length), ({ uid }) => store().tasks.remove(uid));
}

/** To another day. The time of the day stays. */
export function reschedule(tasks: readonly TaskItem[], date: string): void {
  patchEach(tasks, m.did.scheduled(tasks.length, dayName(date)), ({ due }) => ({ due: { ...due, date } }));
}

export function prioritise(tasks: readonly TaskItem[], priority: Priority | null): void {
  patchEach(tasks, m.did.prioritised(tasks.length, m.priority[priority ?? "none"]), () => ({ priority }));
}

/** Undefined: nothing changes in this task. */
export function patchEach(
  tasks: readonly TaskItem[],
  said: string,
  change: (task: TaskItem) => Patch<Task> | undefined,
): void {
  const patches = new Map(tasks.map((task) => [task.uid, change(task)]));
  const changed = tasks.filter(({ uid }) => patches.get(uid));
  act(changed, said, ({ uid }) => store().tasks.update(uid, patches.get(uid) ?? {}));
}

/** `where`: the name of the place, for the toast. */
export function move(tasks: readonly TaskItem[], to: Destination, where: string): void {
  place(tasks, to, m.did.moved(withoutInner(tasks).length, where));
}

/** Several tasks keep their order. Subtasks of moved tasks go with them. */
export function place(tasks: readonly TaskItem[], to: Destination, said: string): void {
  let last: string | undefined;
  act(withoutInner(tasks), said, ({ uid }) => {
    const { before: _, after: __, to: ___, ...home } = to;
    const behind = last !== undefined && to.before === undefined ? { ...home, after: last } : to;
    last = uid;
    return store().tasks.move(uid, behind);
  });
}

export function duplicate(tasks: readonly TaskItem[]): void {
  act(tasks, m.lists.did.duplicated, (task) => {
    const { uid } = store().tasks.add(copyOf(task));
    return store().tasks.move(uid, { after: task.uid });
  });
}

export async function copyLink({ uid }: TaskItem): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(`/tasks/${encodeURIComponent(uid)}`, location.href).href);
    toast(m.lists.did.copied);
  } catch {
    toast(m.lists.cannot.copy); // Over plain http there is no clipboard.
  }
}

export function undo(): void {
  toast(takeBackLast() ? m.did.undone : m.did.nothingToUndo);
}

/** Run a change, and show what it did with its undo. What the device can't store is said. */
export function tell(said: string, ...changes: readonly Change[]): void {
  remember(...changes);
  toast(said, () => takeBack(changes));
  for (const { stored } of changes) stored.catch(() => toast(m.status.full));
}

function act(tasks: readonly TaskItem[], said: string, work: (task: TaskItem) => Change): void {
  const changes = run(tasks, said, work);
  if (changes.length) tell(said, ...changes);
}

function run(tasks: readonly TaskItem[], label: string, work: (task: TaskItem) => Change): readonly Change[] {
  return parts(tasks).map((part) => store().transact(label, () => part.forEach(work)));
}

/** Not more in one than the store takes, where an act does up to two operations with a task. */
function parts(tasks: readonly TaskItem[]): readonly (readonly TaskItem[])[] {
  const size = OPERATIONS_MAX / 2;
  return Array.from({ length: Math.ceil(tasks.length / size) }, (_, at) => tasks.slice(at * size, (at + 1) * size));
}

function uidsOf(tasks: readonly TaskItem[]): readonly string[] {
  return tasks.map(({ uid }) => uid);
}

/** Those that are in no other one of them. */
function withoutInner(tasks: readonly TaskItem[]): readonly TaskItem[] {
  if (tasks.length < 2) return tasks;
  const own = new Set(tasks.flatMap(({ uid, id }) => (id === undefined ? [uid] : [uid, id])));
  return tasks.filter((task) => {
    const seen = new Set<string>();
    for (let above = task.parent_id; above !== undefined;) {
      if (own.has(above)) return false;
      const parent = store().tasks.get(above).get();
      if (!parent || seen.has(parent.uid)) return true;
      seen.add(parent.uid);
      above = parent.parent_id;
    }
    return true;
  });
}

/** What to say when one recurring task has moved on. */
function movedOn([task, ...others]: readonly TaskItem[]): string | undefined {
  const now = task?.recurrence && !others.length ? store().tasks.get(task.uid).get() : undefined;
  return now?.due && now.status !== "complete" ? m.lists.did.movedOn(dueName(now.due)) : undefined;
}

function copyOf(task: TaskItem): New<Task> {
  const { title, description, priority, labels, due, start, reminders, recurrence, list_id, parent_id } = task;
  const all = { description, priority, labels, due, start, reminders, recurrence, list_id, parent_id };
  const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
  return { title, ...set };
}
