// Order tasks by hand, among their siblings and in and out of other tasks.

import { place, type TaskItem } from "../app/actions.ts";
import { store } from "../app/store.svelte.ts";
import { toast } from "../app/toast.svelte.ts";
import { m } from "../i18n/index.ts";
import { folded } from "./lists.svelte.ts";
import { type Direction, step } from "./order.ts";
import { treeOf } from "./tree.ts";

/** Several tasks go together. Where there is no place, it says why and returns false. */
export function reorder(tasks: readonly TaskItem[], direction: Direction): boolean {
  const [first] = tasks;
  if (!first) return false;
  const open = store()
    .tasks.query({ list: first.list_id ?? "inbox" })
    .get();
  const uids = new Set(tasks.map(({ uid }) => uid));
  const rows = treeOf(
    open.filter(({ uid, status }) => status !== "complete" || uids.has(uid)),
    new Set(),
  );
  const places = rows.flatMap(({ task }, at) => (uids.has(task.uid) ? [at] : []));
  const isBackwards = direction === "down" || direction === "toLast";
  const at = isBackwards ? places.at(-1) : places[0];
  const found = at === undefined ? "up" : step(rows, at, direction);
  if (typeof found === "string") {
    toast(m.lists.cannot[found]);
    return false;
  }
  const { did } = m.lists;
  place(tasks, found.to, found.parent ? did.nested(tasks.length, found.parent.title) : did.ordered(tasks.length));
  if (found.parent) folded.delete(found.parent.uid);
  return true;
}
