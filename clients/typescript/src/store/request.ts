// The request of a write: made once, from the newest versions that are known, and then never changed.

import type { Answer } from "../calls/index.ts";
import { isRow, type Row, rowsOf, same } from "./json.ts";
import { type Act, type Frozen, type Op, sentOf, type Target, type Update, type Write } from "./ops.ts";
import { uuid } from "./uuid.ts";

/** What is known of the server's objects. */
export interface Known {
  /** The newest version of an object that a page or an answer has shown. */
  newest(type: string, target: Target): Row | undefined;
  /** Whether two names mean the same object. */
  keyOf(target: Target): string;
  readonly now: number;
}

/** A text that two people have changed: it is not sent. */
export class Clash extends Error {
  readonly index: number;
  readonly there: Row;

  constructor(index: number, there: Row) {
    super("The text was changed elsewhere too");
    this.index = index;
    this.there = there;
  }
}

/** Fields that two people can write in at the same time: here, the later one does not win. */
export const TEXTS = ["title", "description"];
const SHORT = 1000; // characters of an answer that the service keeps as it is
const LATE = 60_000; // milliseconds after which the service is told when a task was completed

/** Throws Clash. */
export function freeze(write: Write, known: Known): Frozen {
  const key = uuid();
  const [op] = write.ops;
  if (op?.op === "undo") return { key, method: "POST", path: "/undo", body: JSON.stringify({ revision: op.revision }) };
  const id = op?.op === "delete" && write.ops.length === 1 ? idOf(op.id, known.newest(op.type, op.id)) : undefined;
  // An operation of a batch does not say the revision of a deletion, and a label can be undeleted only with it.
  if (op?.op === "delete" && id !== undefined) return { key, method: "DELETE", path: `/${op.type}s/${id}` };
  const seen = new Set<string>();
  const operations = write.ops.flatMap((one, index) => {
    if (write.idle?.includes(index)) return [];
    const isTrashed = write.restoring?.includes(index) && one.op !== "create";
    const name = `${one.type} ${one.op === "create" ? one.uid : known.keyOf(one.id)}`;
    const isFirst = !isTrashed && !seen.has(name);
    seen.add(name);
    const operation = {
      ...wire(one, write, known),
      ...(one.op === "update" && isFirst && guard(one, index, write, known)),
    };
    return isTrashed ? [{ op: "restore", type: one.type, id: one.id }, operation] : [operation];
  });
  return { key, method: "POST", path: "/batch", body: JSON.stringify({ operations }) };
}

function idOf(target: Target, row: Row | undefined): number | undefined {
  if (typeof target === "number") return target;
  return typeof row?.["id"] === "number" ? row["id"] : undefined;
}

function wire(op: Op, write: Write, known: Known): Row {
  const common = { op: op.op, type: op.type };
  switch (op.op) {
    case "create":
      return { ...common, [op.type]: { ...op.value, uid: op.uid } };
    case "update":
      return { ...common, id: op.id, [op.type]: op.patch };
    case "move":
      return { ...common, id: op.id, ...op.place };
    case "complete":
    case "skip": {
      const { occurrence, time_zone } = op;
      return { ...common, id: op.id, occurrence, time_zone, completed_at: completedAt(op, write, known) };
    }
    default:
      return { ...common, id: op.id };
  }
}

// When a task was completed offline, unless this clock is behind what the service has said of the task.
function completedAt(op: Act, write: Write, known: Known): string | undefined {
  if (op.op !== "complete" || write.isUntimed) return undefined;
  const isPlausible = write.at >= String(known.newest("task", op.id)?.["updated_at"] ?? "");
  return op.completed_at ?? (isPlausible && known.now - Date.parse(write.at) > LATE ? write.at : undefined);
}

// Other fields need no guard: there, the later writer wins.
function guard(op: Update, index: number, write: Write, known: Known): { if_match?: number } {
  const texts = TEXTS.filter((name) => name in op.patch);
  const row = write.there?.[index] ?? known.newest(op.type, op.id);
  if (!texts.length || !row) return {};
  const isClash = (name: string): boolean =>
    !sameText(row[name], op.base[name]) && !sameText(row[name], op.patch[name]);
  if (texts.some(isClash)) throw new Clash(index, row);
  return typeof row["revision"] === "number" ? { if_match: row["revision"] } : {};
}

/** The version with the higher revision. */
export function newer(one: Row | undefined, other: Row | undefined): Row | undefined {
  return Number(other?.["revision"] ?? -1) > Number(one?.["revision"] ?? -1) ? other : one;
}

// The service trims titles.
function sameText(one: unknown, other: unknown): boolean {
  return same(typeof one === "string" ? one.trim() : one, typeof other === "string" ? other.trim() : other);
}

/** What an answer says of a write: its objects and revisions, and which operations had no effect. */
export function answered(
  write: Write,
  { body, headers }: Answer,
  known: Known,
): Required<Pick<Write, "answer">> & Pick<Write, "idle"> {
  const { results, revision }: Row = isRow(body) ? body : {};
  const isReplay = headers.has("idempotency-replayed");
  if (!Array.isArray(results))
    return { answer: { revisions: [Number(revision ?? headers.get("x-revision")) || null], rows: [] } };
  const [sent, found] = [sentOf(write), rowsOf(results)];
  const made = write.ops.map((_, at) => Object.values(found[sent.lastIndexOf(at)] ?? {}).find(isRow));
  const idle = write.ops.flatMap((op, at) => {
    const before = made.slice(0, at).findLast((row) => row && row["id"] === made[at]?.["id"]);
    return write.idle?.includes(at) || isLate(op, made[at], before, known, isReplay) ? [at] : [];
  });
  // A long answer that is repeated has the revisions of today.
  const isExact = !isReplay || JSON.stringify(body).length < SHORT;
  const revisions = made.map((row) => (isExact && Number(row?.["revision"])) || null);
  const rows = write.ops.flatMap(({ type }, at) => (made[at] ? [{ type, row: made[at] }] : []));
  return { answer: { revisions, rows }, idle };
}

// Another device has completed or skipped this occurrence. The last one leaves the task complete.
function isLate(op: Op, row: Row | undefined, before: Row | undefined, known: Known, isReplay: boolean): boolean {
  if ((op.op !== "complete" && op.op !== "skip") || !op.occurrence || !row || row["completed_occurrence"]) return false;
  const { status, recurrence }: Row = before ?? known.newest("task", op.id) ?? {};
  const isThere = isReplay || (status !== "complete" && isRow(recurrence) && recurrence["anchor"] === op.occurrence);
  return !isThere || (op.op === "complete" && row["status"] !== "complete");
}
