// Without the rules, what needs them says so.

import { expect, test } from "vitest";
import { NeedsRules } from "../../src/store/index.ts";
import { newUser } from "../service.ts";
import { Device } from "./harness.ts";

test("filters, search, sorting and quick add need the rules", async () => {
  const device = new Device(newUser());
  const { store } = device.open();
  for (const query of [{ filter: "today" }, { search: "milk" }, { sort: "due" }]) {
    expect(() => store.tasks.query(query)).toThrow(NeedsRules);
  }
  expect(() => store.tasks.quick("Milk tomorrow")).toThrow(NeedsRules);
  await device.close();
});

test("rules that can't be loaded break nothing else", async () => {
  const device = new Device(newUser());
  const { store } = device.open({ rules: Promise.reject(new TypeError("The network is down")) });
  const waiting = store.tasks.query({ filter: "today" });
  expect(await store.tasks.add({ title: "Milk" }).outcome).toBe("done");
  expect(waiting.get()).toEqual([]);
  expect(() => store.tasks.query({ filter: "tomorrow" })).toThrow(NeedsRules);
  expect(store.tasks.query().get()).toMatchObject([{ title: "Milk" }]);
  await device.close();
});

test("without them, a task that recurs moves on when the service has answered", async () => {
  const device = new Device(newUser());
  const { store } = device.open();
  const recurrence = { rule: "FREQ=WEEKLY", basis: "schedule" } as const;
  const { uid } = store.tasks.add({ title: "Sweep", due: { date: "2026-11-30" }, recurrence });
  await store.sync();
  const done = store.tasks.complete(uid);
  await done.stored;
  expect(store.tasks.get(uid).get()).toMatchObject({ due: { date: "2026-11-30" }, status: "incomplete" });
  await store.sync();
  expect(store.tasks.get(uid).get()).toMatchObject({ due: { date: "2026-12-07" }, status: "incomplete" });
  await device.close();
});
