// A TanStack DB collection of a store's objects. Its changes go through the store's outbox, so they survive a reload.

import type { CollectionConfig, SyncConfig } from "@tanstack/db";
import type { Collection, Item, Live, New, Patch, Query, Store, Tasks } from "../store/index.ts";

type Options<T extends object> = CollectionConfig<Item<T>, string>;
type Target<T extends object> = Parameters<SyncConfig<Item<T>, string>["sync"]>[0];
type Items<T> = readonly Item<T>[];

// What a change can't set: the service and the store do, and a task gets its status by being completed and reopened.
const READ_ONLY = new Set(
  "id user_id position revision created_at updated_at deleted_at completed_at status pending conflict".split(" "),
);

/**
 * The options of a TanStack DB collection, for `createCollection`: the objects that a query finds, all by default. An object's key is
 * its `uid`.
 *
 * An insert, an update or a delete is persisted when this device has stored it. The changes of one transaction are one change of the
 * store. What the service refuses is among the store's conflicts.
 */
export function storeCollectionOptions<T extends object>(
  store: Store,
  collection: Collection<T>,
  query?: Query,
): Options<T> {
  const change = async (work: () => void): Promise<void> => {
    await store.transact("", work).stored;
  };
  return {
    getKey: ({ uid }) => uid,
    sync: { sync: (target) => follow(store, collection.query(query), target), rowUpdateMode: "full" },
    onInsert: ({ transaction: { mutations } }) =>
      change(() => {
        for (const { modified } of mutations) collection.add(writable(modified) as New<T>);
      }),
    onUpdate: ({ transaction: { mutations } }) =>
      change(() => {
        for (const { key, changes } of mutations) update(collection, key, changes);
      }),
    onDelete: ({ transaction: { mutations } }) =>
      change(() => {
        for (const { key } of mutations) collection.remove(key);
      }),
  };
}

function update<T>(collection: Collection<T>, key: string, changes: object): void {
  const patch = writable(changes);
  if (Object.keys(patch).length) collection.update(key, patch as Patch<T>);
  if (!isTasks(collection) || !("status" in changes)) return;
  if (changes.status === "complete") collection.complete(key);
  else collection.reopen(key);
}

function isTasks(collection: object): collection is Tasks {
  return "complete" in collection;
}

/** The members that a change sets. An update clears those that are undefined. */
function writable(members: object): object {
  const given = Object.entries(members).filter(([name]) => !READ_ONLY.has(name));
  return Object.fromEntries(given.map(([name, value]) => [name, value ?? null]));
}

/** Show a query in a collection, until the function that this returns is called. */
function follow<T extends object>(store: Store, shown: Live<Items<T>>, target: Target<T>): () => void {
  let known = new Map<string, Item<T>>();
  const show = (items: Items<T>): void => {
    const now = new Map(items.map((item) => [item.uid, item]));
    target.begin();
    for (const [key, value] of now) {
      if (value !== known.get(key)) target.write({ type: known.has(key) ? "update" : "insert", value });
    }
    for (const key of known.keys()) if (!now.has(key)) target.write({ type: "delete", key });
    target.commit();
    known = now;
  };
  const look = (): void => {
    if (store.status.get().phase !== "loading") target.markReady();
  };
  show(shown.get());
  const ends = [shown.subscribe(show), store.status.subscribe(look)];
  look();
  return () => ends.forEach((end) => end());
}
