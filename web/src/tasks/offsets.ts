// Where the rows of a list begin, in pixels from the first. A change computes only what it changes.

import type { TaskItem } from "../app/actions.ts";
import { differenceOf } from "./difference.ts";
import type { Row } from "./tree.ts";

const HEIGHTS = { plain: 40, meta: 56 };

export class Offsets {
  readonly #heights = new Map<string, number>();
  readonly #kinds: Record<string, number> = { ...HEIGHTS };
  #rows: readonly Row[] = [];
  #places = new Float64Array(1);
  #day: string | undefined;
  #isOutdated = false;

  /** Where these rows begin; after that, where the last one ends. `day`: the day that they do not say. */
  follow(rows: readonly Row[], day?: string): Float64Array {
    this.#isOutdated ||= day !== this.#day;
    this.#day = day;
    const { start, endBefore, endNow } = this.#isOutdated
      ? { start: 0, endBefore: this.#rows.length, endNow: rows.length }
      : differenceOf(this.#rows, rows);
    const [before, places] = [this.#places, new Float64Array(rows.length + 1)];
    places.set(before.subarray(0, start + 1));
    for (let at = start; at < endNow; at++) places[at + 1] = (places[at] ?? 0) + this.#heightOf(rows[at]);
    const shift = (places[endNow] ?? 0) - (before[endBefore] ?? 0);
    for (let at = endNow + 1; at <= rows.length; at++) places[at] = (before[at - endNow + endBefore] ?? 0) + shift;
    [this.#rows, this.#places, this.#isOutdated] = [rows, places, false];
    return places;
  }

  /** Take what a row measures, which is also the best guess for its like. Returns whether this moves others. */
  measure(uid: string, kind: string, height: number): boolean {
    if (this.#heights.get(uid) === height) return false;
    const guess = Math.min(height, HEIGHTS.meta * 2);
    const isNew = this.#kinds[kind] !== guess || (this.#heights.get(uid) ?? guess) !== height;
    this.#heights.set(uid, height);
    this.#kinds[kind] = guess;
    this.#isOutdated ||= isNew;
    return isNew;
  }

  #heightOf(row: Row | undefined): number {
    if (!row) return 0;
    return this.#heights.get(row.task.uid) ?? this.#kinds[kindOf(row.task, this.#day)] ?? HEIGHTS.plain;
  }
}

/** Rows of one kind are equally high, unless their title is long. `day`: the day that they do not say. */
export function kindOf({ due, labels, recurrence }: TaskItem, day: string | undefined): string {
  const saysDue = due && (due.time || due.date !== day);
  return saysDue || labels?.length || recurrence ? "meta" : "plain";
}
