import { createCollection } from "@tanstack/db";
import { expect, test, vi } from "vitest";
import { storeCollectionOptions } from "../../src/adapters/tanstack.ts";
import { createStore, type Item, type Store, type Task } from "../../src/store/index.ts";
import { newUser, tokenOf, url } from "../service.ts";

function open(user: string): Store {
  return createStore({ url, user, token: async () => tokenOf(user), storage: "memory" });
}

function tasksOf(store: Store) {
  return createCollection(storeCollectionOptions(store, store.tasks));
}

function task(uid: string, title: string): Item<Task> {
  return { uid, title, description: null, pending: true };
}

test("a collection shows the store, and changes go to the service", async () => {
  const user = newUser();
  await using here = open(user);
  await using there = open(user);
  const tasks = tasksOf(here);
  await tasks.preload();
  await tasks.insert([task("a", "Milk"), task("b", "Bread")]).isPersisted.promise;
  expect(here.outbox.get()).toHaveLength(1);
  await here.sync();
  await there.sync();
  expect(there.tasks.query().get()).toMatchObject([
    { uid: "a", title: "Milk" },
    { uid: "b", title: "Bread" },
  ]);

  await tasks.update("a", (draft) => {
    draft.title = "Oat milk";
    draft.status = "complete";
  }).isPersisted.promise;
  await tasks.delete("b").isPersisted.promise;
  await here.sync();
  await there.sync();
  expect(there.tasks.query().get()).toMatchObject([{ uid: "a", title: "Oat milk", status: "complete" }]);

  there.tasks.reopen("a");
  there.tasks.add({ uid: "c", title: "Jam" });
  await there.sync();
  await vi.waitFor(() => expect(tasks.toArray.map(({ title }) => title)).toEqual(["Oat milk", "Jam"]), 10_000);
  expect(tasks.get("a")).toMatchObject({ status: "incomplete", pending: false });
});

test("what the service refuses goes back, and is a conflict of the store", async () => {
  await using store = open(newUser());
  const tasks = tasksOf(store);
  await tasks.preload();
  await tasks.insert(task("a", " ")).isPersisted.promise;
  await store.sync();
  expect(store.conflicts.get()).toMatchObject([{ error: { error: "Title is required" } }]);
});

test("a collection that is cleaned up looks no more", async () => {
  await using store = open(newUser());
  const lists = createCollection(storeCollectionOptions(store, store.lists));
  await lists.preload();
  await lists.cleanup();
  store.lists.add({ name: "Home" });
  expect(lists.toArray).toEqual([]);
});
