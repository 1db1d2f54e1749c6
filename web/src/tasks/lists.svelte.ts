// The lists on the page, and what is selected in them. Keys act in the list that has the focus, or had it last.

import { SvelteSet } from "svelte/reactivity";
import type { TaskItem } from "../app/actions.ts";
import { announce } from "../app/toast.svelte.ts";
import { m } from "../i18n/index.ts";
import type { TaskRows } from "./rows.svelte.ts";

const mounted = new Set<TaskRows>();
let latest: TaskRows | undefined;
let anchor: string | undefined; // where a range of selected rows begins

/** The uids of what is selected, in all lists of the page. */
export const selected = new SvelteSet<string>();

/** The uids of tasks whose subtasks are hidden. */
export const folded = new SvelteSet<string>();

export function addList(list: TaskRows): () => void {
  mounted.add(list);
  return () => {
    mounted.delete(list);
    if (latest === list) latest = undefined;
    if (!mounted.size) selected.clear();
  };
}

export function useList(list: TaskRows): void {
  latest = list;
}

/** In the order of the page. */
export function allLists(): readonly TaskRows[] {
  return [...mounted]
    .filter(({ element }) => element !== undefined)
    .sort((one, other) =>
      one.element &&
      other.element &&
      one.element.compareDocumentPosition(other.element) & Node.DOCUMENT_POSITION_FOLLOWING
        ? -1
        : 1,
    );
}

export function currentList(): TaskRows | undefined {
  const all = allLists();
  const focused = all.find(({ element }) => element?.contains(document.activeElement));
  return (
    focused ?? (latest && mounted.has(latest) && latest.rows.length ? latest : all.find(({ rows }) => rows.length))
  );
}

/** Go to the next row, or to the one before, also into the next list of the page. */
export function step(direction: 1 | -1): TaskItem | undefined {
  const list = currentList();
  if (!list) return undefined;
  const hasFocus = list.element?.contains(document.activeElement) ?? false;
  const at = list.activeIndex + (hasFocus ? direction : 0);
  if (list.rows[at]) return list.focusAt(at);
  const all = allLists();
  for (let other = all.indexOf(list) + direction; all[other]; other += direction) {
    const next = all[other];
    if (next?.rows.length) return next.focusAt(direction > 0 ? 0 : next.rows.length - 1);
  }
  return list.focusAt(list.activeIndex);
}

/** What an act is about: what is selected, or the row that has the focus. */
export function targets(): readonly TaskItem[] {
  if (selected.size) return selectedTasks();
  const list = currentList();
  const task = list?.rows[list.activeIndex]?.task;
  return task ? [task] : [];
}

export function selectedTasks(): readonly TaskItem[] {
  const all = allLists().flatMap(({ rows }) => rows);
  return all.flatMap(({ task }) => (selected.has(task.uid) ? [task] : []));
}

export function toggleSelected(uid: string): void {
  if (!selected.delete(uid)) selected.add(uid);
  anchor = uid;
  announceSelected();
}

/** Select all from the row that was selected last, or had the focus, to this one. */
export function selectTo(uid: string, from?: string): void {
  const uids = allLists().flatMap(({ rows }) => rows.map(({ task }) => task.uid));
  const start = uids.indexOf(anchor !== undefined && selected.has(anchor) ? anchor : (from ?? uid));
  const end = uids.indexOf(uid);
  if (start < 0 || end < 0) return;
  anchor = uids[start];
  selected.clear();
  for (const one of uids.slice(Math.min(start, end), Math.max(start, end) + 1)) selected.add(one);
  announceSelected();
}

export function selectAll(): void {
  for (const { task } of currentList()?.rows ?? []) selected.add(task.uid);
  announceSelected();
}

export function deselect(): boolean {
  if (!selected.size) return false;
  selected.clear();
  anchor = undefined;
  announceSelected();
  return true;
}

function announceSelected(): void {
  announce(selected.size ? m.lists.selected(selected.size) : m.lists.noneSelected);
}
