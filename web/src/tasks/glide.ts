// Rows glide to their new place when one goes, comes or moves.

import { tick } from "svelte";
import { milliseconds } from "../parts/motion.ts";

const FAR = 400; // pixels. What jumps farther is not worth following.
const MANY = 80; // rows

/** Call it before the rows change. */
export function glide(list: HTMLElement | undefined): void {
  const duration = milliseconds(180);
  if (!list || !duration || list.childElementCount > MANY) return;
  const before = placesOf(list);
  if (!before.size) return;
  void tick().then(() => {
    for (const [row, top] of placesOf(list)) {
      const way = (before.get(row) ?? top) - top;
      if (!way || Math.abs(way) > FAR) continue;
      row.animate([{ transform: `translateY(${way}px)` }, { transform: "none" }], { duration, easing: "ease-out" });
    }
  });
}

function placesOf(list: HTMLElement): ReadonlyMap<Element, number> {
  const start = list.getBoundingClientRect().top;
  return new Map([...list.children].map((row) => [row, row.getBoundingClientRect().top - start]));
}
