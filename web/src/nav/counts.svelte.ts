// How many open tasks wait in each place. One pass over all tasks counts those of every list.

import type { Item, List } from "doable-client";
import { follow } from "../app/live.ts";
import { store } from "../app/store.svelte.ts";
import { OVERDUE, TODAY, visited } from "../views/visited.ts";

export interface Counts {
  readonly today: number;
  readonly inbox: number;
  of(list: Item<List>): number;
}

/** Call it in a component: it follows the store as long as the component is there. */
export function followCounts(): Counts {
  const all = follow(store().tasks.query());
  const [overdue, due] = [follow(visited(OVERDUE)), follow(visited(TODAY))];
  const open = $derived.by(() => {
    const counts = new Map<string | number | undefined, number>();
    for (const { status, list_id: list } of all.current) {
      if (status !== "complete") counts.set(list, (counts.get(list) ?? 0) + 1);
    }
    return counts;
  });
  // A task names its list by id, or by uid as long as the service has not numbered the list.
  return {
    get today() {
      return overdue.current.length + due.current.length;
    },
    get inbox() {
      return open.get(undefined) ?? 0;
    },
    of: ({ id, uid }) => (open.get(uid) ?? 0) + (id === undefined ? 0 : (open.get(id) ?? 0)),
  };
}
