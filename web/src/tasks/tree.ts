// Tasks as the rows of a list: subtasks below their task, where the view shows them so.

import type { TaskItem } from "../app/actions.ts";
import { differenceOf } from "./difference.ts";

export interface Row {
  readonly task: TaskItem;
  /** 0 for a task that is below no other one here. */
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isFolded: boolean;
}

/** The rows of a list that changes. What a change leaves as it was is the same object as before. */
export class Tree {
  #tasks: readonly TaskItem[] = [];
  #rows: readonly Row[] = [];
  #isFlat = true;
  #folded: ReadonlySet<string> = new Set();

  /** `isTree`: subtasks are below their task. */
  rowsOf(tasks: readonly TaskItem[], isTree: boolean, folded: ReadonlySet<string>): readonly Row[] {
    const isFlat = !isTree || !tasks.some(({ parent_id }) => parent_id !== undefined);
    this.#rows = isFlat ? this.#flat(tasks) : (this.#inPlace(tasks, folded) ?? treeOf(tasks, folded));
    [this.#tasks, this.#isFlat, this.#folded] = [tasks, isFlat, folded];
    return this.#rows;
  }

  #flat(tasks: readonly TaskItem[]): readonly Row[] {
    const rows = this.#isFlat ? this.#rows : [];
    const { start, endBefore, endNow } = differenceOf(this.#isFlat ? this.#tasks : [], tasks);
    const news = tasks
      .slice(start, endNow)
      .map((task): Row => ({ task, depth: 0, hasChildren: false, isFolded: false }));
    return rows.slice(0, start).concat(news, rows.slice(endBefore));
  }

  /** Undefined if a task is at another place than before. */
  #inPlace(tasks: readonly TaskItem[], folded: ReadonlySet<string>): readonly Row[] | undefined {
    const isFoldedSo = folded.size === this.#folded.size && [...folded].every((uid) => this.#folded.has(uid));
    if (this.#isFlat || !isFoldedSo) return undefined;
    const { start, endBefore, endNow } = differenceOf(this.#tasks, tasks);
    const [before, now] = [this.#tasks.slice(start, endBefore), tasks.slice(start, endNow)];
    const isSame = before.length === now.length && before.every((task, at) => isAtSamePlace(task, now[at]));
    if (!isSame) return undefined;
    const news = new Map(before.map((task, at) => [task, now[at] ?? task]));
    return this.#rows.map((row) => {
      const task = news.get(row.task);
      return task ? { ...row, task } : row;
    });
  }
}

function isAtSamePlace(one: TaskItem, other: TaskItem | undefined): boolean {
  return one.uid === other?.uid && one.id === other.id && one.parent_id === other.parent_id;
}

/** The tasks are in the order of their positions, so siblings are in order. */
export function treeOf(tasks: readonly TaskItem[], folded: ReadonlySet<string>): readonly Row[] {
  const uids = new Map<string | number, string>();
  for (const { uid, id } of tasks) {
    uids.set(uid, uid);
    if (id !== undefined) uids.set(id, uid);
  }
  const below = new Map<string | undefined, TaskItem[]>();
  for (const task of tasks) {
    const above = task.parent_id === undefined ? undefined : uids.get(task.parent_id);
    const siblings = below.get(above);
    if (siblings) siblings.push(task);
    else below.set(above, [task]);
  }
  const rows: Row[] = [];
  const seen = new Set<string>();
  const add = (task: TaskItem, depth: number, isHidden: boolean): void => {
    if (seen.has(task.uid)) return; // Two moves that wait can make a circle.
    seen.add(task.uid);
    const children = below.get(task.uid) ?? [];
    const isFolded = folded.has(task.uid);
    if (!isHidden) rows.push({ task, depth, hasChildren: children.length > 0, isFolded });
    for (const child of children) add(child, depth + 1, isHidden || isFolded);
  };
  for (const task of below.get(undefined) ?? []) add(task, 0, false);
  for (const task of tasks) add(task, 0, false); // Those of a circle.
  return rows;
}

/** The row that this one is below, if it is shown. */
export function parentRow(rows: readonly Row[], at: number): Row | undefined {
  const depth = rows[at]?.depth ?? 0;
  for (let above = at - 1; above >= 0 && depth > 0; above--) {
    const row = rows[above];
    if (row && row.depth < depth) return row;
  }
  return undefined;
}

/** How many levels a row has below it, itself included. */
export function levelsOf(rows: readonly Row[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  let deepest = depth;
  for (let below = at + 1; below < rows.length; below++) {
    const row = rows[below];
    if (!row || row.depth <= depth) break;
    deepest = Math.max(deepest, row.depth);
  }
  return deepest - depth + 1;
}
