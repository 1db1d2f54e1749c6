// What can be undone. An act on many tasks is several changes of the store, and is undone as a whole.

import type { Change } from "doable-client";
import { recent } from "./recent.svelte.ts";
import { store } from "./store.svelte.ts";

const REMEMBERED = 100; // as many as the store can undo

let acts: readonly (readonly Change[])[] = [];

export function remember(...changes: readonly Change[]): void {
  acts = [...acts, changes].slice(-REMEMBERED);
}

/** Returns false if nothing of it is left to undo. */
export function takeBack(changes: readonly Change[]): boolean {
  recent.forget();
  return changes
    .toReversed()
    .map((change) => store().undo(change))
    .some(Boolean);
}

/** Take the last act back that nobody has taken back yet. Returns false if there is none. */
export function takeBackLast(): boolean {
  for (;;) {
    const last = acts.at(-1);
    if (!last) return false;
    acts = acts.slice(0, -1);
    if (takeBack(last)) return true;
  }
}
