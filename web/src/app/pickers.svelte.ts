// Which picker is open, and for which tasks. `pickers/PickerHost.svelte` shows it beside its anchor.

import type { TaskItem } from "./actions.ts";

export type PickerKind = "date" | "start" | "recurrence" | "reminders" | "priority" | "labels" | "move";

export interface OpenPicker {
  readonly kind: PickerKind;
  readonly tasks: readonly TaskItem[];
  /** What the picker belongs to. The focus returns there. */
  readonly anchor: HTMLElement | undefined;
}

let shown = $state.raw<OpenPicker>();

export const pickers = {
  get open(): OpenPicker | undefined {
    return shown;
  },
};

export function pick(kind: PickerKind, tasks: readonly TaskItem[], anchor?: HTMLElement): void {
  const active = document.activeElement;
  if (tasks.length) shown = { kind, tasks, anchor: anchor ?? (active instanceof HTMLElement ? active : undefined) };
}

export function closePicker(): void {
  shown?.anchor?.focus();
  shown = undefined;
}
