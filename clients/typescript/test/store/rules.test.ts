// The store with the rules: what it shows offline is what the service answers.

import { expect, test, vi } from "vitest";
import { createCalls } from "../../src/calls/index.ts";
import * as rules from "../../src/rules/index.ts";
import { createStore, NeedsRules, type Options, type Store } from "../../src/store/index.ts";
import { newUser, tokenOf, url } from "../service.ts";

function open(user: string, more: Partial<Options>): Store {
  return createStore({ url, user, token: async () => tokenOf(user), storage: "memory", timeZone: "UTC", ...more });
}

test("filters, searches and orders find what the service finds", async () => {
  const user = newUser();
  await using store = open(user, { rules });
  await store.sync();
  const home = store.lists.add({ name: "Home" });
  store.tasks.add({ title: "Pay the rent", priority: "high", list_id: home.uid });
  store.tasks.add({ title: "Größe messen", labels: ["Errand"] });
  store.tasks.add({ title: "Call Bob", due: { date: "2020-01-01" }, priority: "low" });
  const queries = [
    { filter: "overdue | p1" },
    { filter: "#home" },
    { filter: "!@errand & all" },
    { search: "grosse" },
    { sort: "-priority,title" },
  ];
  const shown = queries.map((query) =>
    store.tasks
      .query(query)
      .get()
      .map(({ title }) => title),
  );
  expect(shown).toEqual([
    expect.arrayContaining(["Pay the rent", "Call Bob"]),
    ["Pay the rent"],
    expect.arrayContaining(["Pay the rent", "Call Bob"]),
    ["Größe messen"],
    ["Pay the rent", "Call Bob", "Größe messen"],
  ]);
  await store.sync();
  const { api } = createCalls({ url, token: async () => tokenOf(user) });
  for (const [number, query] of queries.entries()) {
    const { body } = await api.get("/tasks", { query });
    expect(new Set(body.map(({ title }) => title))).toEqual(new Set(shown[number]));
  }
});

test("a filter can name what is not there, and a search finds parts of words where no word is found", async () => {
  await using store = open(newUser(), { rules });
  await store.sync();
  const [urgent, parts] = [store.tasks.query({ filter: "@urgent" }), store.tasks.query({ search: "ilk" })];
  expect([urgent.get(), parts.get()]).toEqual([[], []]);
  const ends = [urgent, parts].map((live) => live.subscribe(() => undefined));
  store.tasks.add({ uid: "a", title: "Milk", labels: ["Urgent"] });
  expect([urgent.get(), parts.get()]).toMatchObject([[{ uid: "a" }], [{ uid: "a" }]]);
  store.tasks.add({ uid: "b", title: "ilk" });
  expect(parts.get()).toMatchObject([{ uid: "b" }]);
  await store.sync();
  store.labels.remove(store.labels.query().get()[0]?.uid ?? "");
  expect(urgent.get()).toEqual([]);
  for (const end of ends) end();
});

test("a sentence, and the next occurrence, are shown before the service knows of them", async () => {
  const user = newUser();
  await using store = open(user, { rules });
  await store.sync();
  const { value } = store.tasks.quick("Water the plants every 2 days 2030-03-01 p2");
  const { uid } = store.tasks.add(value);
  store.tasks.complete(uid);
  const expected = { title: "Water the plants", priority: "medium", status: "incomplete", due: { date: "2030-03-03" } };
  expect(store.tasks.get(uid).get()).toMatchObject({ ...expected, pending: true });
  await store.sync();
  expect(store.tasks.get(uid).get()).toMatchObject({ ...expected, pending: false });
});

test("without the rules, what needs them says so; while they load, a query that needs them is empty", async () => {
  await using store = open(newUser(), {});
  expect(() => store.tasks.query({ filter: "today" })).toThrow(NeedsRules);
  expect(() => store.tasks.quick("Milk")).toThrow(NeedsRules);
  await using later = open(newUser(), { rules: import("../../src/rules/index.ts") });
  later.tasks.add({ title: "Milk", priority: "high" });
  const urgent = later.tasks.query({ filter: "p1" });
  expect(urgent.get()).toEqual([]);
  const seen = vi.fn();
  urgent.subscribe(seen);
  await vi.waitFor(() => expect(urgent.get()).toHaveLength(1));
  expect(seen).toHaveBeenCalled();
});
