// Where a task goes when a person orders it by hand.

import type { Destination } from "doable-client";
import type { TaskItem } from "../app/actions.ts";
import { levelsOf, parentRow, type Row } from "./tree.ts";

/** As the service has it. */
export const LEVELS_MAX = 8;

export type Direction = "up" | "down" | "toFirst" | "toLast" | "nest" | "unnest";
/** Why there is no place, as a name among the messages. */
export type Cannot = "up" | "down" | "nest" | "unnest" | "deep";

export interface Step {
  readonly to: Destination;
  /** The task that it becomes a part of. */
  readonly parent?: TaskItem;
}

/** `at`: the row that moves. */
export function step(rows: readonly Row[], at: number, direction: Direction): Step | Cannot {
  const own = rows[at];
  if (!own) return "up";
  const above = sibling(rows, at, -1);
  const below = sibling(rows, at, 1);
  switch (direction) {
    case "up":
      return above ? { to: { before: above.task.uid } } : "up";
    case "down":
      return below ? { to: { after: below.task.uid } } : "down";
    case "toFirst":
      return above ? { to: { to: "first" } } : "up";
    case "toLast":
      return below ? { to: { to: "last" } } : "down";
    case "nest":
      if (!above) return "nest";
      if (own.depth + 1 + levelsOf(rows, at) > LEVELS_MAX) return "deep";
      return { to: { parent_id: above.task.uid, to: "last" }, parent: above.task };
    case "unnest":
      return outOf(parentRow(rows, at)?.task, own.task);
  }
}

function outOf(parent: TaskItem | undefined, task: TaskItem): Step | Cannot {
  if (task.parent_id === undefined) return "unnest";
  if (!parent) return { to: { parent_id: null, to: "last" } };
  return { to: { parent_id: parent.parent_id ?? null, after: parent.uid } };
}

/**
 * Where what is dropped before the row `at` goes, at a level. A level that can't be there is not taken: the nearest is. `moving` are
 * the rows that move.
 */
export function dropStep(rows: readonly Row[], at: number, level: number, moving: ReadonlySet<Row>): Drop | undefined {
  const rest = withoutBelow(rows, moving);
  const next = rows.slice(at).find((row) => rest.has(row));
  const before = rows.slice(0, at).findLast((row) => rest.has(row));
  const lowest = next?.depth ?? 0;
  const highest = before ? before.depth + (before.isFolded && before.hasChildren ? 0 : 1) : 0;
  const levels = Math.max(1, ...[...moving].map((row) => levelsOf(rows, rows.indexOf(row))));
  const depth = Math.min(Math.max(level, lowest), Math.max(lowest, Math.min(highest, LEVELS_MAX - levels)));
  if (depth + levels > LEVELS_MAX) return undefined;
  if (next && next.depth === depth) return { depth, step: { to: { ...homeOf(next.task), before: next.task.uid } } };
  if (!before) return undefined;
  if (before.depth < depth) {
    return { depth, step: { to: { parent_id: before.task.uid, to: "first" }, parent: before.task } };
  }
  const order = [...rest];
  let last = before;
  for (let above = order.indexOf(before); above >= 0 && last.depth > depth; above--) last = order[above] ?? last;
  return { depth, step: { to: { ...homeOf(last.task), after: last.task.uid } } };
}

export interface Drop {
  readonly depth: number;
  readonly step: Step;
}

/** A subtask is in the list of its task. */
function homeOf({ list_id, parent_id }: TaskItem): Destination {
  return parent_id === undefined ? { list_id: list_id ?? null, parent_id: null } : { parent_id };
}

function withoutBelow(rows: readonly Row[], moving: ReadonlySet<Row>): ReadonlySet<Row> {
  const rest = new Set<Row>();
  let depth = Infinity; // of the moving row that this one is below
  for (const row of rows) {
    if (row.depth <= depth) depth = moving.has(row) ? row.depth : Infinity;
    if (depth === Infinity) rest.add(row);
  }
  return rest;
}

function sibling(rows: readonly Row[], at: number, direction: 1 | -1): Row | undefined {
  const own = rows[at];
  for (let other = at + direction; own && other >= 0 && other < rows.length; other += direction) {
    const row = rows[other];
    if (!row || row.depth < own.depth) return undefined;
    if (row.depth > own.depth) continue;
    // On the top level there also are subtasks whose task is not shown.
    return own.depth > 0 || row.task.parent_id === own.task.parent_id ? row : undefined;
  }
  return undefined;
}
