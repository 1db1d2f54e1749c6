// The state of one list of tasks: its rows, those that are leaving, and the row that has the focus.

import { flushSync } from "svelte";
import type { TaskItem } from "../app/actions.ts";
import { recent } from "../app/recent.svelte.ts";
import { store } from "../app/store.svelte.ts";
import { differenceOf } from "./difference.ts";
import { folded, selected, useList } from "./lists.svelte.ts";
import { type Row, Tree } from "./tree.ts";
import { Windowing } from "./window.svelte.ts";

export interface Given {
  readonly tasks: readonly TaskItem[];
  readonly isOrdered: boolean;
  /** The day that the rows do not say, as it is their heading. */
  readonly day: string | undefined;
}

export class TaskRows {
  readonly #given: () => Given;
  readonly #tree = new Tree();
  /** The tasks that were shown last, with those that were leaving. */
  #before: readonly TaskItem[] = [];
  #active = $state.raw<string>();
  /** The place of the active row, for when it is gone. */
  #activeAt = 0;
  element: HTMLElement | undefined;

  readonly rows: readonly Row[] = $derived.by(() => {
    const { tasks, isOrdered } = this.#given();
    return this.#tree.rowsOf(this.#withLeaving(tasks, recent.all), isOrdered, new Set(folded));
  });
  readonly windowing = new Windowing(
    () => this.rows,
    () => this.#given().day,
  );
  readonly shown = $derived.by(() => this.rows.slice(this.windowing.start, this.windowing.end));
  readonly #index = $derived.by(() => this.rows.findIndex(({ task }) => task.uid === this.#active));
  /** The row that Tab reaches. */
  readonly tabStop = $derived.by(() => {
    const { start, end } = this.windowing;
    const at = this.#index >= start && this.#index < end ? this.#index : start;
    return this.rows[at]?.task.uid;
  });

  constructor(given: () => Given) {
    this.#given = given;
  }

  get isOrdered(): boolean {
    return this.#given().isOrdered;
  }

  get activeIndex(): number {
    return this.#index >= 0 ? this.#index : Math.max(0, Math.min(this.#activeAt, this.rows.length - 1));
  }

  /** The row got the focus, or a click. */
  activate(uid: string): void {
    useList(this);
    this.#active = uid;
    this.#activeAt = Math.max(0, this.#index);
  }

  /** Focus a row, also one that is not in the page yet. */
  focusAt(at: number): TaskItem | undefined {
    const task = this.rows[at]?.task;
    if (!task) return undefined;
    this.activate(task.uid);
    flushSync(() => this.windowing.reveal(at));
    this.boxOf(task.uid)?.focus();
    return task;
  }

  boxOf(uid: string): HTMLInputElement | null {
    return this.element?.querySelector(`[data-uid="${CSS.escape(uid)}"] input`) ?? null;
  }

  /** Where the focus goes after an act on these rows: to the next one that stays, or to the one before. Call it before the act. */
  past(uids: ReadonlySet<string>): string | undefined {
    const at = this.activeIndex;
    const stays = ({ task }: Row): boolean => !uids.has(task.uid) && !recent.all.has(task.uid);
    return (this.rows.slice(at + 1).find(stays) ?? this.rows.slice(0, at).findLast(stays))?.task.uid;
  }

  focus(uid: string | undefined): void {
    if (!this.focusAt(this.rows.findIndex(({ task }) => task.uid === uid))) {
      document.querySelector<HTMLElement>("#view")?.focus();
    }
  }

  fold(uid: string, isFolded: boolean): void {
    if (isFolded) folded.add(uid);
    else folded.delete(uid);
  }

  // What was completed a moment ago stays where it was. Selected tasks that went elsewhere are not selected any more.
  #withLeaving(tasks: readonly TaskItem[], done: ReadonlyMap<string, unknown>): readonly TaskItem[] {
    const missing = done.size || selected.size ? gone(this.#before, tasks) : [];
    const leaving = missing.filter(([, { uid }]) => done.has(uid));
    if (selected.size) queueMicrotask(() => missing.forEach(([, { uid }]) => selected.delete(uid)));
    const all = leaving.length ? [...tasks] : tasks;
    for (const [at, task] of leaving) (all as TaskItem[]).splice(at, 0, store().tasks.get(task.uid).get() ?? task);
    this.#before = all;
    return all;
  }
}

/** What is in the first and not in the second, with its place. */
function gone(before: readonly TaskItem[], now: readonly TaskItem[]): readonly (readonly [number, TaskItem])[] {
  const { start, endBefore, endNow } = differenceOf(before, now, (one, other) => one.uid === other.uid);
  const left = new Set(now.slice(start, endNow).map(({ uid }) => uid));
  return before
    .slice(start, endBefore)
    .flatMap((task, at) => (left.has(task.uid) ? [] : [[start + at, task] as const]));
}
