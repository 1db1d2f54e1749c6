// What the keyboard and the palette can do with tasks in lists.

import { tick } from "svelte";
import { complete, prioritise, remove, reopen, type Priority, type TaskItem } from "../app/actions.ts";
import type { Command } from "../app/commands.svelte.ts";
import { pick, type PickerKind } from "../app/pickers.svelte.ts";
import { openTask, router } from "../app/router.svelte.ts";
import { store } from "../app/store.svelte.ts";
import { toast } from "../app/toast.svelte.ts";
import { m } from "../i18n/index.ts";
import {
  currentList,
  deselect,
  selectAll,
  selected,
  selectedTasks,
  selectTo,
  step as stepTo,
  targets,
  toggleSelected,
} from "./lists.svelte.ts";
import type { Direction } from "./order.ts";
import { reorder } from "./reorder.ts";
import type { TaskRows } from "./rows.svelte.ts";

/** Where the keys of a list mean something else. */
const ELSEWHERE = "nav, dialog, [role=dialog], [role=menu], [role=listbox]";
const DETAILS = ".details";

export function listCommands(): readonly Command[] {
  const isMirrored = document.documentElement.dir === "rtl";
  const [forward, backward] = isMirrored
    ? (["ArrowLeft", "ArrowRight"] as const)
    : (["ArrowRight", "ArrowLeft"] as const);
  const { act } = m.lists;
  return [
    { id: "next", name: act.next, keys: ["ArrowDown", "j"], group: "move", run: () => go(1) },
    { id: "previous", name: act.previous, keys: ["ArrowUp", "k"], group: "move", run: () => go(-1) },
    { id: "first", name: act.first, keys: ["Home"], group: "move", run: () => inList((list) => list.focusAt(0)) },
    {
      id: "last",
      name: act.last,
      keys: ["End"],
      group: "move",
      run: () => inList((list) => list.focusAt(list.rows.length - 1)),
    },
    { id: "open", name: act.open, keys: ["Enter"], group: "move", run: open },
    { id: "unfold", name: m.lists.unfold, keys: [forward], group: "move", run: () => fold(false) },
    { id: "fold", name: m.lists.fold, keys: [backward], group: "move", run: () => fold(true) },
    { id: "complete", name: act.complete, keys: ["e"], group: "act", run: () => withTasks(completeOrReopen) },
    picker("date", act.date, "d"),
    picker("recurrence", act.repeat, "r"),
    picker("move", act.move, "m"),
    picker("labels", act.labels, "l"),
    priority("1", "high"),
    priority("2", "medium"),
    priority("3", "low"),
    priority("0", null),
    { id: "remove", name: act.remove, keys: ["Delete"], group: "act", run: () => withTasks(removeAll) },
    { id: "select", name: act.select, keys: ["x"], group: "act", run: select },
    { id: "select-next", name: act.selectNext, keys: ["Shift+ArrowDown"], group: "act", run: () => extend(1) },
    { id: "select-previous", name: act.selectPrevious, keys: ["Shift+ArrowUp"], group: "act", run: () => extend(-1) },
    { id: "select-all", name: act.selectAll, keys: ["Mod+a"], group: "act", run: () => inList(selectAll) },
    { id: "deselect", name: act.deselect, keys: ["Escape"], group: "act", run: deselect },
    order("up", act.up, "Alt+ArrowUp"),
    order("down", act.down, "Alt+ArrowDown"),
    order("nest", act.nest, `Alt+${forward}`),
    order("unnest", act.unnest, `Alt+${backward}`),
  ];
}

/** Complete them; if all of them are complete, open them again. */
export function completeOrReopen(tasks: readonly TaskItem[]): void {
  if (tasks.every(({ status }) => status === "complete")) reopen(tasks);
  else complete(tasks.filter(({ status }) => status !== "complete"));
}

export function removeAll(tasks: readonly TaskItem[]): void {
  remove(tasks);
}

function go(direction: 1 | -1): boolean {
  return !isElsewhere() && stepTo(direction) !== undefined;
}

function inList(run: (list: TaskRows) => void): boolean {
  const list = currentList();
  if (!list || isElsewhere() || document.activeElement?.closest(DETAILS)) return false;
  run(list);
  return true;
}

/** Act on what is selected or has the focus. Then the focus goes on to the next row. */
function withTasks(run: (tasks: readonly TaskItem[]) => void): boolean {
  const tasks = actedOn();
  if (!tasks.length) return false;
  const list = currentList();
  const hasFocus = list?.element?.contains(document.activeElement);
  const next = list?.past(new Set(tasks.map(({ uid }) => uid)));
  run(tasks);
  selected.clear();
  if (hasFocus) list?.focus(next);
  return true;
}

function actedOn(): readonly TaskItem[] {
  if (isElsewhere()) return [];
  const { task } = router.route;
  const shown =
    task !== undefined && document.activeElement?.closest(DETAILS) ? store().tasks.get(task).get() : undefined;
  return shown ? [shown] : targets();
}

function isElsewhere(): boolean {
  return document.activeElement?.closest(ELSEWHERE) !== null;
}

function open(): boolean {
  const list = currentList();
  const task = list?.rows[list.activeIndex]?.task;
  if (!task || !list.boxOf(task.uid)?.matches(":focus")) return false; // On a link or a button, Enter is its own.
  openTask(task.uid);
  return true;
}

function fold(isFolded: boolean): boolean {
  const list = currentList();
  const row = list?.rows[list.activeIndex];
  if (!list?.element?.contains(document.activeElement) || !row?.hasChildren || row.isFolded === isFolded) return false;
  list.fold(row.task.uid, isFolded);
  return true;
}

function select(): boolean {
  return inList((list) => {
    const task = list.rows[list.activeIndex]?.task;
    if (task) toggleSelected(task.uid);
  });
}

function extend(direction: 1 | -1): boolean {
  return inList((list) => {
    const from = list.rows[list.activeIndex]?.task.uid;
    const task = stepTo(direction);
    if (task) selectTo(task.uid, from);
  });
}

function picker(kind: PickerKind, name: string, key: string): Command {
  const run = (): boolean => {
    const tasks = actedOn();
    pick(kind, tasks);
    return tasks.length > 0;
  };
  return { id: kind, name, keys: [key], group: "act", run };
}

function priority(key: string, value: Priority | null): Command {
  const run = (): boolean => {
    const tasks = actedOn();
    if (tasks.length) prioritise(tasks, value);
    return tasks.length > 0;
  };
  return { id: `priority-${key}`, name: m.priority[value ?? "none"], keys: [key], group: "act", run };
}

function order(direction: Direction, name: string, key: string): Command {
  const run = (): boolean => {
    const list = currentList();
    if (!list?.element?.contains(document.activeElement)) return false;
    const row = list.rows[list.activeIndex];
    const chosen = row && selected.has(row.task.uid) ? selectedTasks() : row ? [row.task] : [];
    if (!chosen.length || !row) return false;
    if (!list.isOrdered) toast(m.lists.cannot.order);
    else if (reorder(chosen, direction)) void keepFocus(list, row.task.uid);
    return true;
  };
  return { id: direction, name, keys: [key], group: "order", run };
}

/** Where a row moves, the focus moves with it. */
async function keepFocus(list: TaskRows, uid: string): Promise<void> {
  await tick();
  const at = list.rows.findIndex(({ task }) => task.uid === uid);
  if (at >= 0) list.focusAt(at);
}
