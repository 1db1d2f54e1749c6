// The keys of a row also work for the task whose details have the focus.

import type { Attachment } from "svelte/attachments";
import { prioritise, type Priority, remove, type TaskItem } from "../app/actions.ts";
import { hasSingleKeys } from "../app/commands.svelte.ts";
import { pick, type PickerKind } from "../app/pickers.svelte.ts";
import { closeTask } from "../app/router.svelte.ts";

const PICKERS: Readonly<Record<string, PickerKind>> = { d: "date", r: "recurrence", l: "labels", m: "move" };
const PRIORITIES: Readonly<Record<string, Priority | null>> = { 1: "high", 2: "medium", 3: "low", 0: null };

export function keys(task: () => TaskItem | undefined): Attachment<HTMLElement> {
  return (panel) => {
    const listen = (event: KeyboardEvent): void => {
      const now = task();
      if (!now || !isPlain(event) || !act(event.key, now)) return;
      event.preventDefault();
    };
    panel.addEventListener("keydown", listen);
    return () => panel.removeEventListener("keydown", listen);
  };
}

function isPlain({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  const isField = target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select");
  return !ctrlKey && !metaKey && !altKey && !isField && hasSingleKeys();
}

function act(key: string, task: TaskItem): boolean {
  const picker = PICKERS[key];
  const priority = PRIORITIES[key];
  if (picker) pick(picker, [task]);
  else if (priority !== undefined) prioritise([task], priority);
  else if (key === "Delete") (remove([task]), closeTask());
  else return false;
  return true;
}
