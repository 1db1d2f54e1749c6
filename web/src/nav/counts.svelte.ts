// How many open tasks wait in each place.

import type { Item, List } from "doable-client";
import type { TaskItem } from "../app/actions.ts";
import { follow } from "../app/live.ts";
import { store } from "../app/store.svelte.ts";
import { OVERDUE, TODAY, visited } from "../views/visited.ts";

export interface Counts {
  readonly today: number;
  readonly inbox: number;
  of(list: Item<List>): number;
}

const INBOX = "inbox";

/** Call it in a component: it follows the store as long as the component is there. */
export function followCounts(): Counts {
  const open = follow(store().tasks.count(keysOf));
  const [overdue, due] = [follow(visited(OVERDUE)), follow(visited(TODAY))];
  return {
    get today() {
      return overdue.current.length + due.current.length;
    },
    get inbox() {
      return open.current.of(INBOX);
    },
    of: ({ id, uid }) => open.current.of(uid) + (id === undefined ? 0 : open.current.of(id)),
  };
}

// A task names its list by id, or by uid as long as the service has not numbered the list.
function keysOf({ status, list_id }: TaskItem): readonly (string | number)[] {
  return status === "complete" ? [] : [list_id ?? INBOX];
}
