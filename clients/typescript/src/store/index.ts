// A user's tasks, kept on this device: README.md begins with ten lines of it.

import type { Change } from "./changes.ts";
import type { Conflict } from "./conflicts.ts";
import type { Live } from "./live.ts";
import type { Options, Pending, Status } from "./options.ts";
import { ownPlatform } from "./platform.ts";
import { AnyStore } from "./store.ts";
import type { Collection, Filter, Label, List, Me, Tasks } from "./types.ts";

export { SignedOut } from "../calls/index.ts";
export type { Problem } from "../calls/index.ts";
export type { Change, Outcome, Refusal } from "./changes.ts";
export type { Conflict } from "./conflicts.ts";
export type { Counts, Key } from "./counting.ts";
export type { Live } from "./live.ts";
export type { Options, Pending, Status } from "./options.ts";
export type { Query, Ref } from "./query.ts";
export { NeedsRules, type Rules } from "./rules.ts";
export { MemoryStorage, type Storage, type Transaction } from "./storage.ts";
export { Unsent } from "./store.ts";
export type { Collection, Destination, Filter, Item, Label, List, Me, New, Patch, Task, Tasks } from "./types.ts";

export interface Store extends AsyncDisposable {
  readonly tasks: Tasks;
  readonly lists: Collection<List>;
  readonly labels: Collection<Label>;
  readonly filters: Collection<Filter>;
  /** The user's settings, once they are known. */
  readonly me: Live<Me | undefined>;
  readonly status: Live<Status>;
  /** The changes that the service has not answered yet, in order. */
  readonly outbox: Live<readonly Pending[]>;
  /** The changes that the service has refused, until you decide. */
  readonly conflicts: Live<readonly Conflict[]>;
  /**
   * Make all changes of `work` one change: the service accepts all of them or none, and one `undo` takes them back. `work` may not be
   * async. It runs at this call, or when the store is open; then `stored` rejects with what `work` throws.
   */
  transact(label: string, work: () => void): Change;
  /**
   * Undo a change of this tab, by default the last one. What was not sent yet is withdrawn; for the rest, the inverse is queued.
   * Undefined: there is nothing to undo.
   */
  undo(change?: Change): Change | undefined;
  /** Resolves when nothing waits and the copy is current. Throws SignedOut. */
  sync(): Promise<void>;
  /** Remove everything from this device, in every tab. `"refuse"` throws Unsent if changes would be lost. */
  signOut(unsent: "refuse" | "discard"): Promise<void>;
  /** Stop. What is stored stays. */
  close(): Promise<void>;
}

export function createStore(options: Options): Store {
  return storeOf(new AnyStore(options, ownPlatform()));
}

/** The tests of the store give it a platform of their own. */
export function storeOf(store: AnyStore): Store {
  // The objects have the types of the service's document. The store itself takes them as they come.
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() }) as unknown as Store;
}
