// The objects of the store, as your program sees them.

import type { Filter, Label, List, Me, Task } from "../calls/index.ts";
import type { Change } from "./changes.ts";
import type { Conflict } from "./conflicts.ts";
import type { Counts, Key } from "./counting.ts";
import type { Live } from "./live.ts";
import type { Query, Ref } from "./query.ts";

type SetByService =
  "id" | "uid" | "user_id" | "position" | "revision" | "created_at" | "updated_at" | "deleted_at" | "completed_at";
type Names = "list_id" | "parent_id";
type Own<T> = Omit<T, SetByService | Names | "status">;
/** The list and the parent of a task, by uid or by id. */
type Place<T> = Pick<{ list_id?: Ref | null; parent_id?: Ref | null }, Extract<keyof T, Names>>;

/**
 * An object as it is shown. `uid` is its identity for ever, also before the service knows it. Until then, what the
 * service sets is absent, and `list_id` and `parent_id` can be uids.
 */
export type Item<T> = Readonly<Own<T>> &
  Partial<Readonly<Pick<T, Extract<keyof T, Exclude<SetByService, "uid"> | "status">>>> & {
    readonly uid: string;
    /** Whether a change of it waits for the service. */
    readonly pending: boolean;
    readonly conflict?: Conflict;
  } & { readonly [K in Extract<keyof T, Names>]?: Ref };

type Optional<T> = { [K in keyof T as null extends T[K] ? K : never]?: T[K] } & {
  [K in keyof T as null extends T[K] ? never : K]: T[K];
};

/** `uid`: if you do not choose one, the store does. */
export type New<T> = Optional<Own<T>> & Place<T> & { readonly uid?: string };
type Labels<T> = T extends { labels?: unknown }
  ? { add_labels?: readonly string[]; remove_labels?: readonly string[] }
  : unknown;
/** The members to change. Null clears one. */
export type Patch<T> = { readonly [K in keyof Own<T>]?: Own<T>[K] | null } & Place<T> & Labels<T>;

/** Where to move an object. `before` and `after` name a sibling. If it is gone, `otherwise` counts, by default `"last"`. */
export interface Destination {
  readonly list_id?: Ref | null;
  readonly parent_id?: Ref | null;
  readonly before?: Ref;
  readonly after?: Ref;
  readonly to?: "first" | "last";
  readonly otherwise?: "first" | "last";
}

/** All objects of one type. Wherever an object is named, its uid and its id are both right. */
export interface Collection<T> {
  get(ref: Ref): Live<Item<T> | undefined>;
  query(query?: Query): Live<readonly Item<T>[]>;
  /** How many objects have each key, for a function that says which keys an object has. The same function gives the same value. */
  count(keysOf: (item: Item<T>) => readonly Key[]): Live<Counts>;
  add(value: New<T>): Change & { readonly uid: string };
  update(ref: Ref, patch: Patch<T>): Change;
  remove(ref: Ref): Change;
  move(ref: Ref, to: Destination): Change;
}

export interface Tasks extends Collection<Task> {
  /** What a sentence such as "Pay rent every 1st #Home" means, for `add`. Throws NeedsRules until the rules are loaded. */
  quick(text: string): { readonly value: New<Task>; readonly parsed: readonly object[] };
  /** Of a task that recurs, this occurrence. With the rules, the next one is shown before the service has answered. */
  complete(ref: Ref): Change;
  reopen(ref: Ref): Change;
  skip(ref: Ref): Change;
  /** Take a task out of the trash, where only the service knows it. */
  restore(ref: Ref): Change;
}

export type { Filter, Label, List, Me, Task };
