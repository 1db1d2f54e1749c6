// The queries of views that were visited lately. They follow the store all the time, so that a view opens with its tasks.

import type { Live, Query, Store } from "doable-client";
import type { TaskItem } from "../app/actions.ts";
import { store } from "../app/store.svelte.ts";

type Tasks = Live<readonly TaskItem[]>;

export const OVERDUE: Query = { filter: "due before: today", sort: "due,-priority" };
export const TODAY: Query = { filter: "today", sort: "due,-priority" };
export const UPCOMING: Query = { filter: "due after: yesterday", sort: "due,-priority" };
export const COMPLETED: Query = { filter: "complete", sort: "-completed" };

const KEPT = 12; // queries
let owner: Store | undefined;
const kept = new Map<string, { readonly live: Tasks; readonly end: () => void }>();

/** The tasks of a query, which stay current after the view is left, until others were visited. */
export function visited(query: Query): Tasks {
  if (owner !== store()) forgetVisited();
  owner = store();
  const name = JSON.stringify(query);
  const found = kept.get(name) ?? followed(query);
  kept.delete(name);
  kept.set(name, found);
  const [oldest] = kept;
  if (kept.size > KEPT && oldest) {
    oldest[1].end();
    kept.delete(oldest[0]);
  }
  return found.live;
}

function followed(query: Query): { live: Tasks; end: () => void } {
  const live = store().tasks.query(query);
  // Each change of a task can change every result of a label or a search, so these are only computed when they are shown.
  const isCostly = /@|search/i.test(query.filter ?? "");
  return { live, end: isCostly ? () => undefined : live.subscribe(() => undefined) };
}

function forgetVisited(): void {
  for (const { end } of kept.values()) end();
  kept.clear();
}
