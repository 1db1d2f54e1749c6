// What each operation does to a draft, before the service has answered. Whatever can't be known here, a page of sync
// shows later.

import type { Draft } from "./draft.ts";
import { isRow, type Row, same, without } from "./json.ts";
import {
  type Act,
  type Create,
  type Delete,
  isTarget,
  type Move,
  type Op,
  type Restore,
  type Shown,
  type Undo,
  type Update,
  type Write,
} from "./ops.ts";
import { isTask, type Rules, type Viewer } from "./rules.ts";

export interface Context {
  readonly rules: Rules | undefined;
  readonly viewer: Viewer;
  readonly user: string;
}

/** Apply a pending write. */
export function apply(draft: Draft, write: Write, context: Context): void {
  const viewer = { ...context.viewer, now: new Date(write.at) };
  for (const op of write.ops) applyOp(draft, op, { ...context, viewer });
}

export function applyOp(draft: Draft, op: Op, context: Context): void {
  switch (op.op) {
    case "create":
      return create(draft, op, context);
    case "update":
      return update(draft, op);
    case "move":
      return move(draft, op, context);
    case "delete":
      return remove(draft, op);
    case "restore":
    case "undo":
      return show(draft, op);
    default:
      return act(draft, op, context);
  }
}

function create(draft: Draft, op: Create, context: Context): void {
  if (draft.get(op.type, op.uid)) return;
  const plain = op.type === "task" ? { description: null, status: "incomplete" } : {};
  const row = { user_id: context.user, ...plain, ...without(patched(draft, {}, op.value), "uid"), uid: op.uid };
  draft.set(op.type, op.uid, op.type === "task" ? inPlace(draft, row) : row);
}

function update(draft: Draft, op: Update): void {
  const key = draft.keyOf(op.id);
  const row = draft.get(op.type, key);
  if (!row) return;
  const next = patched(draft, row, op.patch);
  const moved = "list_id" in op.patch || "parent_id" in op.patch;
  if (op.type === "label" && typeof next["name"] === "string") relabel(draft, row["name"], next["name"]);
  if (moved) place(draft, key, relocated(draft, row, next, op.patch));
  else draft.set(op.type, key, next);
}

// A subtask whose list alone changes becomes top-level there. Changing either places the task last.
function relocated(draft: Draft, row: Row, next: Row, patch: Row): Row {
  const changed = !same(row["list_id"], next["list_id"]) || !same(row["parent_id"], next["parent_id"]);
  const loose = "list_id" in patch && !("parent_id" in patch) && !same(row["list_id"], next["list_id"]);
  return inPlace(draft, without(next, ...(changed ? ["position"] : []), ...(loose ? ["parent_id"] : [])));
}

function patched(draft: Draft, row: Row, patch: Row): Row {
  const { add_labels: added, remove_labels: removed, ...plain } = patch;
  const next: { [member: string]: unknown } = { ...row };
  for (const [name, value] of Object.entries(plain)) {
    const type = name === "parent_id" ? "task" : "list";
    next[name] = name.endsWith("_id") && isTarget(value) ? draft.refTo(type, value) : value;
    if (value === null && name !== "description") delete next[name];
  }
  if (Array.isArray(added) || Array.isArray(removed)) next["labels"] = labels(next["labels"], added, removed);
  if (next["status"] === "incomplete" || next["labels"] === undefined)
    delete next[next["status"] === "incomplete" ? "completed_at" : "labels"];
  return next;
}

function labels(had: unknown, added: unknown, removed: unknown): unknown[] | undefined {
  const [all, gone] = [list(had).concat(list(added)), list(removed).map(folded)];
  const left = all.filter((name, at) => !gone.includes(folded(name)) && all.map(folded).indexOf(folded(name)) === at);
  return left.length ? left : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function folded(name: unknown): string {
  return String(name).normalize("NFC").toLowerCase();
}

function relabel(draft: Draft, from: unknown, to: string | undefined): void {
  for (const [key, row] of [...draft.all("task")]) {
    const names = list(row["labels"]);
    if (!names.includes(from) || from === to) continue;
    const next =
      to === undefined ? names.filter((name) => name !== from) : names.map((name) => (name === from ? to : name));
    draft.set("task", key, next.length ? { ...row, labels: next } : without(row, "labels"));
  }
}

// With a parent and no list of its own, a task takes the parent's list.
function inPlace(draft: Draft, row: Row): Row {
  const parent = row["parent_id"];
  if (typeof parent !== "string" && typeof parent !== "number") return row;
  const above = draft.get("task", typeof parent === "number" ? draft.keyOf(parent) : parent);
  const home = above?.["list_id"];
  return home === undefined ? without(row, "list_id") : { ...row, list_id: home };
}

/** Put a task where its row says, and its subtasks into its list. */
function place(draft: Draft, key: string, row: Row): void {
  const home = row["list_id"];
  for (const below of draft.subtree(key)) {
    const old = below === key ? row : (draft.get("task", below) ?? {});
    draft.set("task", below, home === undefined ? without(old, "list_id") : { ...old, list_id: home });
  }
}

function move(draft: Draft, op: Move, context: Context): void {
  const key = draft.keyOf(op.id);
  const row = draft.get(op.type, key);
  if (!row) return;
  const { list_id, parent_id, ...among } = op.place;
  const to = Object.fromEntries(Object.entries({ list_id, parent_id }).filter(([, value]) => value !== undefined));
  const next = op.type === "task" ? relocated(draft, row, patched(draft, row, to), to) : row;
  const position = positionAmong(draft, op.type, key, next, among, context.rules);
  const placed = position === undefined ? without(next, "position") : { ...next, position };
  if (op.type === "task") place(draft, key, placed);
  else draft.set(op.type, key, placed);
}

// A position between the neighbours. The service gives the real one; without the rules this one is only near it.
function positionAmong(
  draft: Draft,
  type: string,
  key: string,
  row: Row,
  among: Row,
  rules: Rules | undefined,
): string | undefined {
  const target = [among["before"], among["after"]].find(isTarget);
  const anchor = target === undefined ? undefined : positionNear(row, draft.get(type, draft.keyOf(target)));
  const isBehind = anchor === undefined ? (among["otherwise"] ?? among["to"]) === "first" : isTarget(among["after"]);
  let next: string | undefined;
  for (const [other, one] of around(draft, type, row)) {
    const at = other === key ? undefined : positionNear(row, one);
    if (at === undefined) continue;
    if (isBehind ? at > (anchor ?? "") && !(next && at > next) : !(anchor && at >= anchor) && at > (next ?? ""))
      next = at;
  }
  return isBehind ? between(anchor ?? null, next ?? null, rules) : between(next ?? null, anchor ?? null, rules);
}

// Of a sibling.
function positionNear(row: Row, one: Row | undefined): string | undefined {
  const isNear = one && same(one["list_id"], row["list_id"]) && same(one["parent_id"], row["parent_id"]);
  return isNear && typeof one["position"] === "string" ? one["position"] : undefined;
}

function around(draft: Draft, type: string, { list_id, parent_id }: Row): Iterable<[string, Row]> {
  const near = parent_id ?? list_id;
  if (type !== "task" || (typeof near !== "string" && typeof near !== "number")) return draft.all(type);
  return draft.group(near === parent_id ? "parent_id" : "list_id", near);
}

function between(low: string | null, high: string | null, rules: Rules | undefined): string | undefined {
  try {
    return rules?.keyBetween(low, high) ?? `${low ?? ""}\0`;
  } catch {
    return `${low ?? ""}\0`; // A neighbour was placed without the rules.
  }
}

function remove(draft: Draft, op: Delete): void {
  const key = draft.keyOf(op.id);
  const row = draft.get(op.type, key);
  if (op.type === "label") relabel(draft, row?.["name"], undefined);
  const inside = op.type === "list" ? [...draft.group("list_id", key)].map(([task]) => task) : [];
  const tasks = op.type === "task" ? draft.subtree(key) : inside;
  for (const task of tasks) draft.set("task", task, undefined);
  draft.set(op.type, key, undefined);
}

function show(draft: Draft, op: Restore | Undo): void {
  for (const { type, key, row } of op.shows) draft.set(type, key, row ?? undefined);
}

function act(draft: Draft, op: Act, context: Context): void {
  const key = draft.keyOf(op.id);
  const row = draft.get("task", key);
  if (!isTask(row)) return;
  const anchor = isRow(row["recurrence"]) ? row["recurrence"]["anchor"] : undefined;
  if (op.op === "reopen") draft.set("task", key, without({ ...row, status: "incomplete" }, "completed_at"));
  else if (row["status"] === "complete" || (op.occurrence !== undefined && op.occurrence !== anchor)) return;
  else if (anchor === undefined) complete(draft, key, row, op, context);
  else
    advance(
      draft,
      key,
      {
        ...(op.op === "complete"
          ? context.rules?.complete(row, context.viewer, op.occurrence)
          : context.rules?.skip(row, context.viewer)),
      },
      row,
    );
}

function complete(draft: Draft, key: string, row: Row, op: Act, context: Context): void {
  if (op.op === "skip") return;
  draft.set("task", key, {
    ...row,
    status: "complete",
    completed_at: op.completed_at ?? context.viewer.now.toISOString(),
  });
}

// The next occurrence, with the subtasks open again. Without the rules the task stays until the service has moved it.
function advance(draft: Draft, key: string, moved: Row, row: Row): void {
  if (!isTask(moved)) return;
  draft.set("task", key, moved);
  if (moved["status"] === "complete" || row === moved) return;
  for (const below of draft.subtree(key).slice(1)) {
    const one = draft.get("task", below);
    if (one?.["status"] === "complete")
      draft.set("task", below, without({ ...one, status: "incomplete" }, "completed_at"));
  }
}

/** Apply operations one after another. For each, what it is about and what it changes, as it was before. */
export function record(draft: Draft, ops: readonly Op[], context: Context): readonly (readonly Shown[])[] {
  return ops.map((op) => {
    const key = op.op === "create" ? op.uid : draft.keyOf(op.id);
    const own = { type: op.type, key, row: draft.get(op.type, key) ?? null };
    draft.replaced.length = 0;
    applyOp(draft, op, context);
    return [own, ...draft.replaced].filter(isFirst);
  });
}

function isFirst({ type, key }: Shown, at: number, all: readonly Shown[]): boolean {
  return all.findIndex((one) => one.type === type && one.key === key) === at;
}
