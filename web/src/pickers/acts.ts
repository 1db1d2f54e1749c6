// What the pickers do with the tasks that they are open for. All of them are one change.

import type { Patch, Task } from "doable-client";
import { tell, type TaskItem } from "../app/actions.ts";
import type { PickerKind } from "../app/pickers.svelte.ts";
import { store } from "../app/store.svelte.ts";

export interface PickerProps {
  readonly kind: PickerKind;
  /** As they are now. */
  readonly tasks: readonly TaskItem[];
  readonly close: () => void;
}

/** Undefined: nothing changes in this task. */
export function patchEach(
  tasks: readonly TaskItem[],
  said: string,
  change: (task: TaskItem) => Patch<Task> | undefined,
): void {
  const { tasks: all } = store();
  const changes = tasks.flatMap((task) => ({ uid: task.uid, patch: change(task) }));
  const work = (): void => changes.forEach(({ uid, patch }) => patch && all.update(uid, patch));
  if (changes.some(({ patch }) => patch)) tell(said, store().transact(said, work));
}

/** The value that all of them have. */
export function common<T>(tasks: readonly TaskItem[], value: (task: TaskItem) => T): T | undefined {
  const [first, ...others] = tasks.map(value);
  return others.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first : undefined;
}
