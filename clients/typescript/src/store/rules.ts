// What the store asks of the module `doable-client/rules`, which it is given and never loads itself.

import type { Viewer } from "../rules/wire.ts";
import type { Row } from "./json.ts";

export type { Viewer };

/** What the rules read of a list and a label. */
export interface Named extends Row {
  readonly name: string;
}

export interface World {
  readonly lists: readonly Named[];
  readonly labels: readonly Named[];
  /** All tasks that are not in the trash. */
  readonly tasks: readonly TaskRow[];
}

/** A task as the rules read it: with a title, and with any other members. */
export interface TaskRow extends Row {
  readonly title: string;
}

type Test = { test(task: TaskRow): boolean }["test"];
type Compare = { compare(one: TaskRow, other: TaskRow): number }["compare"];

export interface Rules {
  parseFilter(text: string): object;
  matcher(filter: object, viewer: Viewer, world: World): Test;
  search(words: string, tasks: readonly TaskRow[]): Test;
  sorter(sort: string): Compare;
  quickAdd(text: string, viewer: Viewer, world: World): { readonly value: object; readonly parsed: readonly object[] };
  complete(task: TaskRow, viewer: Viewer, occurrence?: string): object;
  skip(task: TaskRow, viewer: Viewer): object;
  keyBetween(before: string | null, after: string | null): string | null;
}

export function isTask(row: Row | undefined): row is TaskRow {
  return typeof row?.["title"] === "string";
}

export function isNamed(row: Row): row is Named {
  return typeof row["name"] === "string";
}

export class NeedsRules extends Error {
  override readonly name = "NeedsRules";

  constructor(what: string) {
    super(`${what} needs the rules. Give them to the store: createStore({ …, rules: import("doable-client/rules") })`);
  }
}

/** Where the user's days begin, and how they write dates: from their settings, and the device until these are known. */
export function viewerOf(me: Row | undefined, now: Date, timeZone: string | undefined): Viewer {
  const text = (name: string, otherwise: string): string => (typeof me?.[name] === "string" ? me[name] : otherwise);
  const weekStart = text("week_start", "monday");
  return {
    now,
    timeZone: timeZone ?? text("time_zone", me ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone),
    weekStart: weekStart === "sunday" || weekStart === "saturday" ? weekStart : "monday",
    dayStart: text("day_start", "09:00"),
    dateOrder: text("date_order", "dmy") === "mdy" ? "mdy" : "dmy",
  };
}
