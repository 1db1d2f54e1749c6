// Which rows of a list are in the page: all of a short one, and of a long one those that are near the screen. The page scrolls as
// if all were there.

import { Offsets } from "./offsets.ts";
import type { Row } from "./tree.ts";

/** Lists with more rows have only some of them in the page. */
export const ROWS_MAX = 200;
const MARGIN = 8; // rows above and below the screen
const STEP = 6; // The range moves by so many rows, so that most scrolling changes nothing.
const FIRST = 16; // rows that all lists of a page together show in their first frame: as many as most screens have

let left = FIRST;

/** Some rows for a list that appears; the rest comes when there is time. */
function firstRows(): number {
  if (left === FIRST) requestAnimationFrame(() => (left = FIRST));
  const rows = Math.max(left, 2);
  left -= rows;
  return rows;
}

export class Windowing {
  readonly #rows: () => readonly Row[];
  readonly #day: () => string | undefined;
  readonly #heights = new Offsets();
  #start = $state(0);
  #end = $state(0);
  #measured = $state(0);
  /** In its first frame, the list shows its first rows, and nothing waits for the layout of the page. */
  #isNew = true;
  /** While the list grows to its full length. */
  #isGrowing = $state(true);
  #growth: number | undefined;
  #element: HTMLElement | undefined;
  #observer: ResizeObserver | undefined;

  readonly isLong = $derived.by(() => this.#rows().length > ROWS_MAX);
  /** The rows in the page: from `start`, before `end`. */
  readonly start = $derived.by(() => (this.isLong ? Math.min(this.#start, this.#rows().length) : 0));
  readonly end = $derived.by(() => {
    const { length } = this.#rows();
    return this.isLong || this.#isGrowing ? Math.min(this.#end, length) : length;
  });
  readonly #offsets = $derived.by(() => {
    void this.#measured;
    return this.#heights.follow(this.#rows(), this.#day());
  });
  readonly before = $derived.by(() => this.#offset(this.start));
  readonly after = $derived.by(() => this.#offset(this.#rows().length) - this.#offset(this.end));

  constructor(rows: () => readonly Row[], day: () => string | undefined) {
    this.#rows = rows;
    this.#day = day;
    this.#end = firstRows();
  }

  /** For the list's element: `{@attach windowing.follow}`. */
  readonly follow = (element: HTMLElement): (() => void) => {
    this.#element = element;
    this.#observer = new ResizeObserver((entries) => this.#measure(entries));
    const update = (): void => {
      this.#isNew = false;
      this.update();
    };
    requestAnimationFrame(() => setTimeout(update));
    document.addEventListener("scroll", update, { capture: true, passive: true });
    window.addEventListener("resize", update);
    return () => {
      document.removeEventListener("scroll", update, { capture: true });
      window.removeEventListener("resize", update);
      this.#observer?.disconnect();
      this.#element = undefined;
      cancelIdle(this.#growth);
    };
  };

  /** For each row's element: `{@attach windowing.watch}`. */
  readonly watch = (element: HTMLElement): (() => void) => {
    this.#observer?.observe(element);
    return () => this.#observer?.unobserve(element);
  };

  /** Follow the scroll position, and let a short list grow. */
  update(): void {
    const { length } = this.#rows();
    if (this.#isNew || !this.#element || !length) return;
    const { top } = this.#element.getBoundingClientRect();
    const first = this.#rowAt(-top);
    const last = this.#rowAt(window.innerHeight - top) + 1;
    if (this.isLong) {
      this.#show(first, last);
    } else if (this.#isGrowing) {
      this.#end = Math.max(this.#end, last);
      this.#grow();
    }
  }

  /** Have this row in the page. */
  reveal(at: number): void {
    if (at >= this.start && at < this.end) return;
    if (this.isLong) this.#show(at, at);
    else this.#end = Math.max(this.#end, at + 1);
  }

  #show(first: number, last: number): void {
    this.#start = Math.max(0, Math.floor((first - MARGIN) / STEP) * STEP);
    this.#end = Math.ceil((last + MARGIN) / STEP) * STEP;
  }

  #grow(): void {
    if (this.#end >= this.#rows().length) this.#isGrowing = false;
    if (!this.#isGrowing || this.#growth !== undefined) return;
    this.#growth = whenIdle(() => {
      this.#growth = undefined;
      this.#end += STEP * 2;
      this.#grow();
    });
  }

  #rowAt(pixels: number): number {
    const offsets = this.#offsets;
    let [low, high] = [0, offsets.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle + 1] ?? 0) <= pixels) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #offset(at: number): number {
    return this.#offsets[at] ?? 0;
  }

  #measure(entries: readonly ResizeObserverEntry[]): void {
    let isNew = false;
    for (const { target, borderBoxSize } of entries) {
      const { uid, kind } = (target as HTMLElement).dataset;
      const height = borderBoxSize[0]?.blockSize ?? 0;
      if (uid !== undefined && kind !== undefined && height) isNew = this.#heights.measure(uid, kind, height) || isNew;
    }
    if (isNew && (this.isLong || this.#isGrowing)) this.#measured += 1;
  }
}

const hasIdle = "requestIdleCallback" in window;

function whenIdle(run: () => void): number {
  return hasIdle ? requestIdleCallback(run, { timeout: 300 }) : window.setTimeout(run, 30);
}

function cancelIdle(handle: number | undefined): void {
  if (handle === undefined) return;
  if (hasIdle) cancelIdleCallback(handle);
  else clearTimeout(handle);
}
