// Drag rows with the pointer: between rows, into tasks, and to the lists and days of the page (`data-drop-list`, `data-drop-day`).

import { move, place, reschedule, type TaskItem } from "../app/actions.ts";
import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";
import { dragging } from "./dragging.svelte.ts";
import { allLists, folded, selected, selectedTasks } from "./lists.svelte.ts";
import { type Drop, dropStep } from "./order.ts";
import type { TaskRows } from "./rows.svelte.ts";
import { swallowClick } from "./touch.ts";
import { levelsOf, type Row } from "./tree.ts";

const START = 5; // pixels that the pointer moves before it drags
const INDENT = 24; // pixels of a level
const EDGE = 56; // pixels at the edge of the window where it scrolls
const OVER = "data-drop-over";

type Point = Pick<PointerEvent, "clientX" | "clientY">;

/** Follow the pointer that went down on a row. */
export function follow(start: PointerEvent, row: Row, list: TaskRows): void {
  const ended = new AbortController();
  const { signal } = ended;
  let drag: RowDrag | undefined;

  document.addEventListener(
    "pointermove",
    (event) => {
      const way = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
      if (way > START) drag ??= new RowDrag(start, row, list);
      drag?.to(event);
    },
    { signal },
  );
  const finish = (isDropped: boolean): void => {
    ended.abort();
    drag?.end(isDropped);
    if (drag) swallowClick();
  };
  document.addEventListener("pointerup", () => finish(true), { signal });
  document.addEventListener("pointercancel", () => finish(false), { signal });
  document.addEventListener(
    "keydown",
    (event) => {
      if (!drag || event.key !== "Escape") return;
      event.stopPropagation();
      finish(false);
    },
    { signal, capture: true },
  );
}

class RowDrag {
  readonly #start: Point;
  readonly #depth: number;
  readonly #tasks: readonly TaskItem[];
  readonly #uids: ReadonlySet<string>;
  readonly #sign: number;
  readonly #scroller: Element;
  #at: Point;
  #drop: Drop | undefined;
  #target: HTMLElement | undefined;
  #frame = 0;

  constructor(start: Point, row: Row, list: TaskRows) {
    this.#start = this.#at = start;
    this.#depth = row.depth;
    this.#tasks = selected.has(row.task.uid) ? selectedTasks() : [row.task];
    this.#uids = new Set(this.#tasks.map(({ uid }) => uid));
    this.#sign = document.documentElement.dir === "rtl" ? -1 : 1;
    this.#scroller = scrollerOf(list.element);
    document.documentElement.dataset["dragging"] = "";
    this.#frame = requestAnimationFrame(this.#tick);
  }

  to(point: Point): void {
    this.#at = point;
  }

  end(isDropped: boolean): void {
    cancelAnimationFrame(this.#frame);
    if (isDropped) this.#look();
    const target = this.#target;
    this.#aim(undefined);
    delete document.documentElement.dataset["dragging"];
    dragging.now = undefined;
    if (isDropped) this.#put(target);
  }

  readonly #tick = (): void => {
    const { clientY } = this.#at;
    const beyond = Math.min(0, clientY - EDGE) + Math.max(0, clientY - (innerHeight - EDGE));
    if (beyond) this.#scroller.scrollBy(0, beyond / 3);
    this.#look();
    this.#frame = requestAnimationFrame(this.#tick);
  };

  #look(): void {
    const { clientX: x, clientY: y } = this.#at;
    const under = document.elementFromPoint(x, y);
    const list = allLists().find(({ element, isOrdered }) => isOrdered && element?.contains(under));
    const line = list && under ? this.#between(list, under) : undefined;
    if (!line) this.#drop = undefined;
    const target = line ? undefined : under?.closest<HTMLElement>("[data-drop-list], [data-drop-day]");
    this.#aim(target ?? undefined);
    const [first] = this.#tasks;
    const label = this.#tasks.length > 1 ? m.lists.selected(this.#tasks.length) : (first?.title ?? "");
    dragging.now = { label, x, y, line };
  }

  #between(list: TaskRows, under: Element): { x: number; y: number; width: number } | undefined {
    const element =
      under.closest<HTMLElement>("[data-uid]") ?? list.element?.querySelector<HTMLElement>("li:last-child");
    const index = list.rows.findIndex(({ task }) => task.uid === element?.dataset["uid"]);
    if (!element || index < 0) return undefined;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const isBelow = this.#at.clientY > (top + bottom) / 2;
    const at = index + Number(isBelow);
    const level = this.#depth + Math.round(((this.#at.clientX - this.#start.clientX) * this.#sign) / INDENT);
    const moving = new Set(list.rows.filter(({ task }) => this.#uids.has(task.uid)));
    this.#drop = this.#isHere(list.rows, at, level) ? undefined : dropStep(list.rows, at, level, moving);
    if (!this.#drop) return undefined;
    const indent = this.#drop.depth * INDENT;
    return { x: this.#sign > 0 ? left + indent : left, y: isBelow ? bottom : top, width: right - left - indent };
  }

  /** Whether the one task that moves is there already. */
  #isHere(rows: readonly Row[], at: number, level: number): boolean {
    const own = this.#tasks.length > 1 ? -1 : rows.findIndex(({ task }) => this.#uids.has(task.uid));
    if (own < 0 || level !== rows[own]?.depth) return false;
    let end = own + 1;
    while (levelsOf(rows, own) > 1 && (rows[end]?.depth ?? -1) > level) end++;
    return at >= own && at <= end && (at < end || (rows[end]?.depth ?? 0) <= level);
  }

  #aim(target: HTMLElement | undefined): void {
    if (target === this.#target) return;
    this.#target?.removeAttribute(OVER);
    target?.setAttribute(OVER, "");
    this.#target = target;
  }

  #put(target: HTMLElement | undefined): void {
    if (this.#drop) {
      const { to, parent } = this.#drop.step;
      const { did } = m.lists;
      const said = parent ? did.nested(this.#tasks.length, parent.title) : did.ordered(this.#tasks.length);
      if (parent) folded.delete(parent.uid);
      return place(this.#tasks, to, said);
    }
    const { dropList, dropDay } = target?.dataset ?? {};
    if (dropDay) return reschedule(this.#tasks, dropDay);
    if (!dropList) return;
    const list = dropList === "inbox" ? undefined : store().lists.get(dropList).get();
    move(this.#tasks, { list_id: list?.uid ?? null, parent_id: null }, list?.name ?? m.nav.inbox);
  }
}

function scrollerOf(element: Element | undefined): Element {
  for (let above = element; above; above = above.parentElement ?? undefined) {
    const { overflowY } = getComputedStyle(above);
    if (/auto|scroll/.test(overflowY) && above.scrollHeight > above.clientHeight) return above;
  }
  return document.scrollingElement ?? document.documentElement;
}
