// What was completed a moment ago. Its row stays for that moment, struck through, also where the task is not in the view any more.

import type { Change } from "doable-client";

const MILLISECONDS = 600;

let known = $state.raw<ReadonlyMap<string, Change>>(new Map());
let timer: ReturnType<typeof setTimeout> | undefined;

export const recent = {
  /** By uid, with the change that completed it. */
  get all(): ReadonlyMap<string, Change> {
    return known;
  },
  /** All of them stay until the last one has been there for its moment, so that no row moves under the next click. */
  add(uids: readonly string[], change: Change): void {
    known = new Map([...known, ...uids.map((uid) => [uid, change] as const)]);
    clearTimeout(timer);
    timer = setTimeout(() => (known = new Map()), MILLISECONDS);
  },
  forget(uids: readonly string[] = [...known.keys()]): void {
    if (uids.some((uid) => known.has(uid))) known = new Map([...known].filter(([uid]) => !uids.includes(uid)));
  },
};
