// The inverse of a change, as a new write: for what was sent already and can't be withdrawn.

import type { Draft } from "./draft.ts";
import type { Row } from "./json.ts";
import type { Op, Shown, Target, Type, Update, Write } from "./ops.ts";

/** How things were before a change. */
export interface Past {
  readonly write: Write;
  /** For each operation. */
  readonly shows: readonly (readonly Shown[])[];
}

/** Operations in groups. Each group is one request: those that the service undoes stand alone. */
export function inverse({ write, shows }: Past, draft: Draft): readonly (readonly Op[])[] {
  const groups: Op[][] = [];
  for (const [index, op] of [...write.ops.entries()].reverse()) {
    if (write.idle?.includes(index)) continue;
    const undone = inverseOf(op, index, write, shows[index] ?? [], draft);
    const last = groups.at(-1);
    if (undone.op === "undo" || !last || last[0]?.op === "undo") groups.push([undone]);
    else last.push(undone);
  }
  return groups;
}

function inverseOf(op: Op, index: number, write: Write, shows: readonly Shown[], draft: Draft): Op {
  const id = op.op === "create" ? { uid: op.uid } : op.id;
  const old = shows.find(({ type, key }) => type === op.type && key === draft.keyOf(id))?.row ?? null;
  switch (op.op) {
    case "create":
    case "restore":
      return { op: "delete", type: op.type, id };
    case "update":
      return updateBack(op, id, old);
    case "move":
      return { op: "move", type: op.type, id, place: placeOf(op.type, draft.keyOf(id), old, draft) };
    case "reopen":
      return {
        op: "complete",
        type: "task",
        id,
        ...(typeof old?.["completed_at"] === "string" && { completed_at: old["completed_at"] }),
      };
    case "complete":
      if (!old?.["recurrence"]) return { op: "reopen", type: "task", id };
      break;
    case "delete":
      if (op.type === "task" || op.type === "list") return { op: "restore", type: op.type, id, shows };
  }
  const revision = write.answer?.revisions[index];
  return {
    op: "undo",
    type: op.type,
    id,
    of: write.id,
    index,
    shows,
    ...(revision && { revision, epoch: write.answer?.epoch }),
  };
}

function updateBack(op: Update, id: Target, old: Row | null): Op {
  const { add_labels: added, remove_labels: removed, ...plain } = op.patch;
  const had = Array.isArray(old?.["labels"]) ? old["labels"] : [];
  const patch: { [name: string]: unknown } = {};
  for (const name of Object.keys(plain)) patch[name] = targeted(name, old?.[name]);
  if (Array.isArray(added)) patch["remove_labels"] = added.filter((name) => !had.includes(name));
  if (Array.isArray(removed)) patch["add_labels"] = removed.filter((name) => had.includes(name));
  return { op: "update", type: op.type, id, patch, base: plain };
}

function targeted(name: string, value: unknown): unknown {
  return name.endsWith("_id") && typeof value === "string" ? { uid: value } : (value ?? null);
}

// Behind the sibling that it was behind, or first.
function placeOf(type: Type, key: string, old: Row | null, draft: Draft): Row {
  let after: readonly [string, Row] | undefined;
  for (const [other, row] of draft.all(type)) {
    const isNear = other !== key && row["list_id"] === old?.["list_id"] && row["parent_id"] === old?.["parent_id"];
    const isBefore =
      String(row["position"]) < String(old?.["position"]) &&
      String(row["position"]) > String(after?.[1]["position"] ?? "");
    if (isNear && isBefore) after = [other, row];
  }
  const home =
    type === "task"
      ? { list_id: targeted("list_id", old?.["list_id"]), parent_id: targeted("parent_id", old?.["parent_id"]) }
      : {};
  return after ? { ...home, after: targetOf(after[0], after[1]), otherwise: "last" } : { ...home, to: "first" };
}

/** How the wire names an object: by its `uid` if it has one. */
export function targetOf(key: string, row: Row | undefined): Target {
  const id = row?.["id"];
  return row?.["uid"] === undefined && typeof id === "number" ? id : { uid: key };
}
