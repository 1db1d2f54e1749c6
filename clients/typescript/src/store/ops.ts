// A write as data: what a person did, by the identities of objects. The bytes of its request are made from it later.

import type { Row } from "./json.ts";

export type Type = "task" | "list" | "label" | "filter";

/** An object on the wire: its id, or the `uid` that a client gave it. */
export type Target = number | { readonly uid: string };

/** An object as it was, to be shown again before the service has answered; null where it was not there. */
export interface Shown {
  readonly type: string;
  readonly key: string;
  readonly row: Row | null;
}

export interface Create {
  readonly op: "create";
  readonly type: Type;
  readonly uid: string;
  readonly value: Row;
}
export interface Update {
  readonly op: "update";
  readonly type: Type;
  readonly id: Target;
  readonly patch: Row;
  /** The members of `patch` as they were shown when the person changed them. */
  readonly base: Row;
}
export interface Act {
  readonly op: "complete" | "skip" | "reopen";
  readonly type: "task";
  readonly id: Target;
  /** The anchor of the occurrence, if the task recurs. */
  readonly occurrence?: string;
  readonly completed_at?: string;
  readonly time_zone?: string;
}
export interface Move {
  readonly op: "move";
  readonly type: Type;
  readonly id: Target;
  readonly place: Row;
}
export interface Delete {
  readonly op: "delete";
  readonly type: Type;
  readonly id: Target;
}
export interface Restore {
  readonly op: "restore";
  readonly type: Type;
  readonly id: Target;
  readonly shows: readonly Shown[];
}
/** Undoes one operation of an earlier write, once the service has said its revision. */
export interface Undo {
  readonly op: "undo";
  readonly type: Type;
  readonly id: Target;
  readonly of: string;
  readonly index: number;
  readonly revision?: number;
  /** The epoch of the copy from which the revision is. */
  readonly epoch?: number | undefined;
  readonly shows: readonly Shown[];
}
export type Op = Create | Update | Act | Move | Delete | Restore | Undo;

/** A request as it is sent, every time the same. */
export interface Frozen {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** A record of the outbox. Every released format stays readable: `v` names it. */
export interface Write {
  readonly v: 1;
  readonly id: string;
  readonly label?: string;
  /** When it was made, by the clock of the device. */
  readonly at: string;
  /** Its place in the order of writes; 0 until it is stored. */
  readonly seq: number;
  /** Counts the changes of this record: a change applies only to the record that it was made from. */
  readonly stamp: number;
  readonly ops: readonly Op[];
  readonly request?: Frozen;
  /** Whether the service is not told when it was made, because it would not believe this clock. */
  readonly isUntimed?: true;
  /** The newest versions that a refusal (412) has shown, by the index of the operation. */
  readonly there?: { readonly [index: number]: Row };
  /** Operations that have no effect, because another device was faster: by their index, which never changes. */
  readonly idle?: readonly number[];
  /** Operations whose object comes out of the trash first. */
  readonly restoring?: readonly number[];
  readonly answer?: Answered;
}

export interface Answered {
  /** The revision of each operation, where the service said it. */
  readonly revisions: readonly (number | null)[];
  readonly epoch?: number | undefined;
  /** The objects of the answer: the first base of later writes. */
  readonly rows: readonly { readonly type: string; readonly row: Row }[];
}

/** A write that was refused, with the writes that needed it. */
export interface Refused {
  readonly v: 1;
  readonly id: string;
  readonly stamp: number;
  readonly writes: readonly Write[];
  readonly index: number;
  readonly there: Row | null;
  readonly error: Row;
}

/** For each operation of the request, the index of its operation here. */
export function sentOf({ ops, idle, restoring }: Write): readonly number[] {
  return ops.flatMap((_, at) => (idle?.includes(at) ? [] : restoring?.includes(at) ? [at, at] : [at]));
}

export function keyOf(target: Target): string {
  return typeof target === "number" ? `id:${target}` : target.uid;
}

export function isTarget(value: unknown): value is Target {
  return typeof value === "number" || (typeof value === "object" && value !== null && "uid" in value);
}

/** The objects that an operation names beside its own. */
export function named(op: Op): readonly { readonly type: Type; readonly target: Target }[] {
  const values = op.op === "create" ? op.value : op.op === "update" ? op.patch : op.op === "move" ? op.place : {};
  const types = { list_id: "list", parent_id: "task", before: op.type, after: op.type } as const;
  return (Object.keys(types) as (keyof typeof types)[]).flatMap((name) => {
    const target = values[name];
    return isTarget(target) ? [{ type: types[name], target }] : [];
  });
}
