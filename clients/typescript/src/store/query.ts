// What a query means: which objects, and in which order.

import type { Context } from "./effects.ts";
import type { Row } from "./json.ts";
import type { Model, Replaced, Shape } from "./model.ts";
import { isNamed, isTask, NeedsRules, type Rules, type TaskRow, type Viewer, type World } from "./rules.ts";
import type { Plan } from "./view.ts";

/** A uid, or an id of the server. */
export type Ref = string | number;

/** All parts hold together. Without `sort`, objects are in the order that people choose (`position`). */
export interface Query {
  /** Of tasks: in the filter language. Leaves out complete tasks unless it names them. */
  readonly filter?: string;
  /** Of tasks: words. */
  readonly search?: string;
  /** Of tasks: those of a list, with subtasks. */
  readonly list?: Ref | "inbox";
  /** Of tasks: the direct subtasks of a task. */
  readonly parent?: Ref;
  /** Of tasks: those that are to be done, or those that are done. */
  readonly status?: "incomplete" | "complete";
  /** Of tasks: such as `-priority,due`. */
  readonly sort?: string;
  readonly limit?: number;
}

type Test = (item: Shape) => boolean;
type Compare = (one: Shape, other: Shape) => number;

/** `isExpected`: the rules are being loaded. Throws NeedsRules, or the error of a filter that can't be parsed. */
export function planOf(query: Query, model: Model, context: () => Context, isExpected: boolean): Plan {
  for (const part of ["filter", "search", "sort"] as const) {
    if (query[part] !== undefined && !isExpected) throw new NeedsRules(`A query with '${part}'`);
  }
  const { rules } = context();
  if (rules && query.filter !== undefined) rules.parseFilter(query.filter);
  if (rules && query.sort !== undefined) rules.sorter(query.sort);
  const needsRules = query.filter !== undefined || query.search !== undefined || query.sort !== undefined;
  const parentNow = (): string => keyOf(model, "task", query.parent);
  let parent = "";
  return {
    limit: query.limit ?? Infinity,
    prepare: () => {
      const now = context();
      parent = parentNow();
      if (needsRules && !now.rules) return null;
      const tests = [
        ...placeTests(query, model, parent),
        ...(now.rules ? ruleTests(query, model, now, now.rules) : []),
      ];
      return { test: (item) => tests.every((test) => test(item)), compare: order(query, now.rules) };
    },
    isChanged: (all) => parent !== parentNow() || all.some((replaced) => isChanged(query, replaced, parent)),
  };
}

/** The key of an object that a person names. What is not there is taken for a uid, or for an id if it is a number. */
export function keyOf(model: Model, type: string, ref: Ref | undefined): string {
  if (typeof ref === "number") return model.keyOf(ref);
  if (ref === undefined || model.table(type).has(ref) || !/^[1-9]\d{0,15}$/.test(ref)) return ref ?? "";
  return model.keyOf(Number(ref));
}

const worlds = new WeakMap<Model, { readonly version: number; readonly world: World }>();

/** What the rules look at. It is the same until something changes: a sentence is read again at each key. */
export function worldOf(model: Model): World {
  const known = worlds.get(model);
  if (known?.version === model.version) return known.world;
  const world = newWorld(model);
  worlds.set(model, { version: model.version, world });
  return world;
}

// A list that has no id yet goes by its uid, as in its tasks. The labels of tasks that wait for the service are labels already.
function newWorld(model: Model): World {
  const rowsOf = (type: string): Row[] => [...model.table(type).values()].map((one) => ({ id: one.uid, ...one }));
  const tasks = [...model.table("task").values()].filter((one): one is Shape & TaskRow => isTask(one));
  const names = tasks.flatMap(({ pending, labels }) => (pending && Array.isArray(labels) ? labels : []));
  const labels = [...rowsOf("label"), ...names.map((name) => ({ name }))];
  return { lists: rowsOf("list").filter(isNamed), labels: labels.filter(isNamed), tasks };
}

function placeTests(query: Query, model: Model, parent: string): Test[] {
  const list = keyOf(model, "list", query.list);
  const isIn = (member: string, key: string): Test => {
    return (item) => (typeof item[member] === "number" ? model.keyOf(item[member]) : item[member]) === key;
  };
  const home: Test = query.list === "inbox" ? (item) => item["list_id"] === undefined : isIn("list_id", list);
  const { status } = query;
  return [
    ...(status === undefined ? [] : [(item: Shape) => (item["status"] === "complete") === (status === "complete")]),
    ...(query.list === undefined ? [] : [home]),
    ...(query.parent === undefined ? [] : [isIn("parent_id", parent)]),
  ];
}

function ruleTests(query: Query, model: Model, { viewer }: Context, rules: Rules): Test[] {
  const tests = [];
  const world = worldOf(model);
  if (query.filter !== undefined) tests.push(matcherOf(rules, query.filter, viewer, world));
  if (query.search !== undefined) tests.push(rules.search(query.search, world.tasks));
  return tests.map((test) => (item) => isTask(item) && test(item));
}

// A filter can name a list or a label that is not there any more, or not yet: it finds nothing.
function matcherOf(rules: Rules, text: string, viewer: Viewer, world: World): (task: TaskRow) => boolean {
  const filter = rules.parseFilter(text);
  try {
    return rules.matcher(filter, viewer, world);
  } catch {
    return () => false;
  }
}

function order(query: Query, rules: Rules | undefined): Compare {
  if (query.sort === undefined || !rules) return byPosition;
  const compare = rules.sorter(query.sort);
  return (one, other) => (isTask(one) && isTask(other) ? compare(one, other) : 0) || byPosition(one, other);
}

// What the service has not placed yet comes last, in the order in which it was made.
function byPosition(one: Shape, other: Shape): number {
  return (
    compare(one["position"] ?? "~", other["position"] ?? "~") ||
    compare(one["id"] ?? Infinity, other["id"] ?? Infinity) ||
    compare(one.uid, other.uid)
  );
}

function compare(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one < other ? -1 : one > other ? 1 : 0;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}

// Names of lists and labels decide what a filter finds. A list or a parent can come after its tasks.
function isChanged(query: Query, { type, key, old, now }: Replaced, parent: string): boolean {
  if (type === "list") return query.filter !== undefined || query.list !== undefined;
  if (type === "label") return query.filter !== undefined;
  // A task can bring a label, and the first task that has a word decides that its parts do not count.
  if (query.search !== undefined || /@|search/i.test(query.filter ?? "")) return true;
  return type === "task" && query.parent !== undefined && key === parent && old?.["id"] !== now?.["id"];
}
