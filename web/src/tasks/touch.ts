// What a finger does on a row: hold it to select, or swipe it to complete or to schedule. Keys and buttons do the same.

import { toggle } from "../app/actions.ts";
import { pick } from "../app/pickers.svelte.ts";
import { toggleSelected } from "./lists.svelte.ts";
import "./swipe.css";
import type { Row } from "./tree.ts";

const HOLD = 450; // milliseconds
const NEAR = 8; // pixels that a finger may move while it holds
const FAR = 72; // pixels from which a swipe counts

export function touch(start: PointerEvent, row: Row, list: HTMLElement): void {
  const element = list.querySelector<HTMLElement>(`[data-uid="${CSS.escape(row.task.uid)}"]`);
  if (!element) return;
  const ended = new AbortController();
  const { signal } = ended;
  const sign = getComputedStyle(list).direction === "rtl" ? -1 : 1;
  let way = 0; // pixels towards the end of the line
  let isSwipe = false;
  const timer = setTimeout(() => {
    end();
    navigator.vibrate?.(10);
    toggleSelected(row.task.uid);
    document.addEventListener("pointerup", swallowClick, { once: true });
  }, HOLD);

  function end(): void {
    ended.abort();
    clearTimeout(timer);
    element?.style.removeProperty("transform");
    element?.removeAttribute("data-swipe");
  }

  function move(event: PointerEvent): void {
    const [x, y] = [event.clientX - start.clientX, event.clientY - start.clientY];
    if (Math.hypot(x, y) > NEAR) clearTimeout(timer);
    if (!isSwipe && Math.abs(y) > NEAR) return end();
    isSwipe ||= Math.abs(x) > 2 * NEAR;
    if (!isSwipe || !element) return;
    way = x * sign;
    element.style.transform = `translateX(${x}px)`;
    element.dataset["swipe"] = way > 0 ? "complete" : "schedule";
    element.toggleAttribute("data-far", Math.abs(way) > FAR);
  }

  function release(): void {
    const isFar = isSwipe && Math.abs(way) > FAR;
    end();
    if (isSwipe) swallowClick();
    if (!isFar) return;
    if (way > 0) toggle(row.task);
    else pick("date", [row.task], element?.querySelector("input") ?? undefined);
  }

  document.addEventListener("pointermove", move, { signal });
  document.addEventListener("pointerup", release, { signal });
  document.addEventListener("pointercancel", end, { signal });
}

/** The click that the browser makes of what was no click. */
export function swallowClick(): void {
  const swallow = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 100);
}
