// What the pickers know of the tasks that they are open for.

import type { TaskItem } from "../app/actions.ts";
import type { PickerKind } from "../app/pickers.svelte.ts";

export interface PickerProps {
  readonly kind: PickerKind;
  /** As they are now. */
  readonly tasks: readonly TaskItem[];
  readonly close: () => void;
}

/** The value that all of them have. */
export function common<T>(tasks: readonly TaskItem[], value: (task: TaskItem) => T): T | undefined {
  const [first, ...others] = tasks.map(value);
  return others.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first : undefined;
}
