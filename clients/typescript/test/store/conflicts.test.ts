// What several people and devices change, and what the service refuses: nothing is lost without a word.

import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../src/store/index.ts";
import { newUser } from "../service.ts";
import { Device, eventually, heldBy, service, shownBy, titlesOf } from "./harness.ts";

let device: Device;
let store: Store;
let uid: string;

beforeEach(async () => {
  device = new Device(newUser());
  store = device.open().store;
  uid = store.tasks.add({ title: "Milk", description: "Whole" }).uid;
  await store.sync();
});
afterEach(() => device.close());

const id = (): number => store.tasks.get(uid).get()?.id ?? 0;
const there = (body: object): Promise<unknown> =>
  service(device.user).patch("/tasks/{id}", { path: { id: id() }, body });
const present = async (): Promise<object> =>
  (await service(device.user).get("/tasks/{id}", { path: { id: id() } })).body;

async function goOffline(): Promise<void> {
  device.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline");
}

async function comeBack(): Promise<void> {
  device.network.isDown = false;
  await store.sync();
}

test("a text that was changed on two sides becomes a conflict, and you keep yours", async () => {
  await goOffline();
  const change = store.tasks.update(uid, { title: "Oat milk", priority: "high" });
  const second = store.tasks.update(uid, { title: "Oat milk, cold" });
  const other = store.tasks.update(uid, { priority: "low" });
  await there({ title: "Soy milk" });
  await comeBack();
  expect(await change.outcome).toMatchObject({ error: { status: 412, code: "stale" } });
  expect(await second.outcome).toMatchObject({ error: { status: 412 } });
  const [conflict] = store.conflicts.get();
  expect(conflict).toMatchObject({
    sent: { title: "Oat milk", priority: "high" },
    base: { title: "Milk", priority: null },
    there: { title: "Soy milk" },
    changes: [change.id, second.id],
  });
  expect(store.tasks.get(uid).get()).toMatchObject({ title: "Soy milk", conflict });
  expect(await other.outcome).toBe("done");
  expect(await conflict?.keepMine().outcome).toBe("done");
  await store.sync();
  expect(store.conflicts.get()).toEqual([]);
  expect(store.tasks.get(uid).get()).toMatchObject({ title: "Oat milk, cold" });
  expect(store.tasks.get(uid).get()).not.toHaveProperty("conflict");
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});

test("or you keep theirs", async () => {
  await goOffline();
  store.tasks.update(uid, { description: "Skimmed" });
  await there({ description: "Goat" });
  await comeBack();
  await store.conflicts.get()[0]?.keepTheirs();
  expect(store.conflicts.get()).toEqual([]);
  expect(store.tasks.get(uid).get()).toMatchObject({ description: "Goat" });
});

test("a conflict survives a reload", async () => {
  await goOffline();
  store.tasks.update(uid, { title: "Oat milk" });
  await there({ title: "Soy milk" });
  await comeBack();
  await store.close();
  store = device.open().store;
  await store.sync();
  expect(store.conflicts.get()).toMatchObject([{ sent: { title: "Oat milk" }, there: { title: "Soy milk" } }]);
  expect(await store.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  expect(await present()).toMatchObject({ title: "Oat milk" });
});

test("a change elsewhere of what you did not touch is no conflict", async () => {
  await goOffline();
  store.tasks.update(uid, { title: "Oat milk" });
  await there({ priority: "high", description: "Goat" });
  await comeBack();
  expect(store.conflicts.get()).toEqual([]);
  expect(await present()).toMatchObject({ title: "Oat milk", priority: "high", description: "Goat" });
});

test("a change that comes in between is seen by its revision (412), and sent again with a new key", async () => {
  for (const [body, title] of [
    [{ priority: "high" }, "Oat milk"],
    [{ title: "Soy milk" }, "Soy milk"],
  ] as const) {
    let isFirst = true;
    device.network.requests.length = 0;
    device.network.before = async ({ method }) => {
      if (method === "GET" || !isFirst) return;
      isFirst = false;
      await there(body);
    };
    await store.tasks.update(uid, { title: "Oat milk" }).outcome;
    await store.sync();
    const sent = device.network.writes.filter((write) => write.body.includes("Oat milk"));
    expect(await present()).toMatchObject({ title });
    if (title === "Oat milk") expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
    else
      expect(store.conflicts.get()).toMatchObject([
        { sent: { title: "Oat milk" }, base: { title: "Oat milk" }, there: { title } },
      ]);
  }
});

test("for other fields the later writer wins", async () => {
  await goOffline();
  store.tasks.update(uid, { priority: "high" });
  await there({ priority: "low" });
  await comeBack();
  expect(store.conflicts.get()).toEqual([]);
  expect(await present()).toMatchObject({ priority: "high" });
});

test("an occurrence that is completed on two devices is done once", async () => {
  const recurrence = { rule: "FREQ=WEEKLY", basis: "schedule" } as const;
  uid = store.tasks.add({ title: "Sweep", due: { date: "2026-11-30" }, recurrence }).uid;
  await store.sync();
  await goOffline();
  store.tasks.complete(uid);
  await service(device.user).patch("/tasks/{id}/complete", { path: { id: id() } });
  await comeBack();
  expect(await present()).toMatchObject({ due: { date: "2026-12-07" } });
});

test("labels that two devices add both stay", async () => {
  await goOffline();
  store.tasks.update(uid, { add_labels: ["cold"] });
  await there({ add_labels: ["fresh"] });
  await comeBack();
  expect(await present()).toMatchObject({ labels: ["fresh", "cold"] });
});

test("your own changes are never in conflict with each other", async () => {
  store.tasks.update(uid, { title: "  Oat milk " });
  store.tasks.update(uid, { title: "Oat milk, cold", description: null });
  store.tasks.complete(uid);
  store.tasks.update(uid, { title: "Oat milk, warm", description: "Foam" });
  await store.sync();
  store.tasks.update(uid, { title: "Tea" });
  await store.sync();
  expect(store.conflicts.get()).toEqual([]);
  expect(await present()).toMatchObject({ title: "Tea", description: "Foam", status: "complete" });
});

test("what was deleted elsewhere is a conflict, and comes back with what you keep", async () => {
  await goOffline();
  const change = store.tasks.update(uid, { title: "Oat milk" });
  await service(device.user).delete("/tasks/{id}", { path: { id: id() } });
  await comeBack();
  expect(await change.outcome).toMatchObject({ error: { code: "task_not_found" } });
  expect(store.conflicts.get()).toMatchObject([{ sent: { title: "Oat milk" }, there: null }]);
  expect(await store.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  await store.sync();
  expect(store.tasks.get(uid).get()).toMatchObject({ title: "Oat milk" });
});

test("deleting what is gone already is done", async () => {
  await goOffline();
  const path = { id: id() };
  const change = store.tasks.remove(uid);
  const both = store.transact("Tidy up", () => {
    store.tasks.remove(uid);
    store.tasks.add({ title: "Bread" });
  });
  await service(device.user).delete("/tasks/{id}", { path });
  await comeBack();
  expect(await Promise.all([change.outcome, both.outcome])).toEqual(["done", "done"]);
  expect(titlesOf(store)).toEqual(["Bread"]);
});

test("a transaction is refused as one", async () => {
  const change = store.transact("Plan", () => {
    const list = store.lists.add({ name: "Party" });
    store.tasks.add({ title: "Cake", list_id: list.uid });
    store.tasks.add({ title: "" });
  });
  await store.sync();
  expect(await change.outcome).toMatchObject({ error: { status: 400 } });
  expect(store.conflicts.get()).toMatchObject([{ label: "Plan", sent: { title: "" }, changes: [change.id] }]);
  expect(shownBy(store)).toEqual(await heldBy(device.user));
  expect(store.lists.query().get()).toEqual([]);
});

test("the name of a label that is taken is a conflict that shows the other label", async () => {
  store.tasks.update(uid, { add_labels: ["cold"] });
  const label = store.labels.add({ name: "COLD" });
  await store.sync();
  expect(await label.outcome).toMatchObject({ error: { status: 409 } });
  expect(store.conflicts.get()).toMatchObject([{ sent: { name: "COLD" }, there: { name: "cold" } }]);
});

test("a list and a task that share a uid are not taken for each other", async () => {
  store.transact("Both", () => {
    store.lists.add({ uid: "home", name: "Home" });
    store.tasks.add({ uid: "home", title: "House" });
  });
  const change = store.tasks.update("home", { title: "My house" });
  expect(await change.outcome).toBe("done");
  await store.sync();
  device.network.before = async ({ method }) => {
    if (method === "GET") return;
    device.network.before = async () => undefined;
    await service(device.user).patch("/tasks/{id}", {
      path: { id: store.tasks.get("home").get()?.id ?? 0 },
      body: { title: "Your house" },
    });
  };
  const both = store.transact("Both", () => {
    store.lists.update("home", { name: "My home" });
    store.tasks.update("home", { title: "Our house" });
  });
  expect(await both.outcome).toMatchObject({ error: { status: 412 } });
});
