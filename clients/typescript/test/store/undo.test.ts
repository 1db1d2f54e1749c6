// Undo: what was not sent is withdrawn, and what was sent is taken back.

import { afterEach, beforeEach, expect, test } from "vitest";
import { type Change, MemoryStorage, type Store } from "../../src/store/index.ts";
import { newUser } from "../service.ts";
import { Device, eventually, heldBy, mute, service, shownBy, titlesOf } from "./harness.ts";

let device: Device;
let store: Store;
beforeEach(async () => {
  device = new Device(newUser());
  store = device.open().store;
  await store.sync();
});
afterEach(() => device.close());

async function goOffline(): Promise<void> {
  device.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline");
}

function plain(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (name, one) =>
      ["revision", "updated_at", "pending", "completed_at"].includes(name) ? undefined : one,
    ),
  );
}

test("a change that was not sent is withdrawn, with what needs it", async () => {
  await goOffline();
  const milk = store.tasks.add({ title: "Milk" });
  const update = store.tasks.update(milk.uid, { title: "Oat milk" });
  const undone = store.undo(milk);
  expect(await undone?.outcome).toBe("done");
  expect([await milk.outcome, await update.outcome]).toEqual(["withdrawn", "withdrawn"]);
  expect(store.tasks.query().get()).toEqual([]);
  expect(store.outbox.get()).toEqual([]);
  device.network.isDown = false;
  await store.sync();
  expect(device.network.writes).toEqual([]);
});

test("another tab learns that its change was withdrawn", async () => {
  const other = device.open().store;
  await other.sync();
  await goOffline();
  const milk = store.tasks.add({ title: "Milk" });
  await eventually(() => other.outbox.get().length === 1);
  const update = other.tasks.update(milk.uid, { title: "Oat milk" });
  await eventually(() => store.outbox.get().length === 2);
  store.undo(milk);
  expect(await update.outcome).toBe("withdrawn");
});

test("a tab that missed that its change was withdrawn learns it later, also by a reload of what is stored", async () => {
  await goOffline();
  const milk = store.tasks.add({ title: "Milk" });
  await milk.stored;
  const deaf = device.open({}, { channel: mute }).store;
  await eventually(() => deaf.tasks.query().get().length === 1);
  const update = deaf.tasks.update(milk.uid, { title: "Oat milk" });
  await eventually(() => store.outbox.get().length === 2);
  await store.undo(milk)?.stored;
  await deaf.tasks.add({ title: "Bread" }).stored;
  expect(await update.outcome).toBe("withdrawn");
});

test("what was refused and is sent again is not withdrawn, also for a tab that missed its answer", async () => {
  const refused = store.tasks.add({ title: "" });
  await refused.outcome;
  const deaf = device.open({}, { channel: mute }).store;
  await eventually(() => deaf.conflicts.get().length === 1);
  device.network.fault = ({ method }) =>
    method === "GET" ? null : Response.json({ results: [{ status: 201, task: { id: 1 } }] });
  const mine = deaf.conflicts.get()[0]?.keepMine();
  await mine?.stored;
  await eventually(() => store.conflicts.get().length === 0);
  await store.sync();
  await deaf.tasks.add({ title: "Bread" }).stored;
  expect(await mine?.outcome).toBe("done");
});

test("a change in conflict is not undone: its conflict is to be decided", async () => {
  const refused = store.tasks.add({ title: "" });
  await refused.outcome;
  const undone = store.undo(refused);
  await expect(undone?.stored).rejects.toThrow("conflict");
  expect(await undone?.outcome).toBe("withdrawn");
  expect(store.conflicts.get().length).toBe(1);
});

test("without a change, undo takes back the last one, and one after another", async () => {
  await goOffline();
  store.tasks.add({ title: "Milk" });
  store.tasks.add({ title: "Bread" });
  await store.undo()?.stored;
  expect(titlesOf(store)).toEqual(["Milk"]);
  await store.undo()?.stored;
  expect(store.tasks.query().get()).toEqual([]);
  expect(store.undo()).toBeUndefined();
});

interface World {
  readonly milk: string;
  readonly sub: string;
  readonly list: string;
  readonly label: string;
  readonly filter: string;
  readonly weekly: string;
}

async function world(): Promise<World> {
  const list = store.lists.add({ name: "Home" }).uid;
  const milk = store.tasks.add({
    title: "Milk",
    description: "Whole",
    labels: ["cold"],
    list_id: list,
    priority: "high",
  }).uid;
  const sub = store.tasks.add({ title: "Bottle", parent_id: milk }).uid;
  store.tasks.add({ title: "Bread", list_id: list });
  const weekly = store.tasks.add({
    title: "Sweep",
    due: { date: "2026-11-23" },
    recurrence: { rule: "FREQ=WEEKLY", basis: "schedule" },
  }).uid;
  const filter = store.filters.add({ name: "Now", filter: "today" }).uid;
  const label = store.labels.add({ name: "fresh" }).uid;
  store.tasks.update(sub, { add_labels: ["fresh"] });
  await store.sync();
  return { list, milk, sub, label, filter, weekly };
}

const CHANGES: Record<string, (one: World) => Change> = {
  "a text": ({ milk }) =>
    store.tasks.update(milk, { title: "Oat milk", description: null, priority: null, due: { date: "2026-12-24" } }),
  "a list": ({ milk }) => store.tasks.update(milk, { list_id: null }),
  labels: ({ milk }) => store.tasks.update(milk, { add_labels: ["cold", "fresh"], remove_labels: ["cold"] }),
  "a completion": ({ milk }) => store.tasks.complete(milk),
  "a completed occurrence": ({ weekly }) => store.tasks.complete(weekly),
  "a skipped occurrence": ({ weekly }) => store.tasks.skip(weekly),
  "a deleted task": ({ milk }) => store.tasks.remove(milk),
  "a deleted list": ({ list }) => store.lists.remove(list),
  "a deleted label": ({ label }) => store.labels.remove(label),
  "a deleted filter": ({ filter }) => store.filters.remove(filter),
  "a renamed label": ({ label }) => store.labels.update(label, { name: "crisp" }),
  "a moved task": ({ sub }) => store.tasks.move(sub, { parent_id: null, to: "first" }),
  "a new task": () => store.tasks.add({ title: "New" }),
  "a transaction": ({ milk, weekly, label, sub }) =>
    store.transact("Much", () => {
      const list = store.lists.add({ name: "New" });
      store.tasks.update(milk, { list_id: list.uid, title: "Tea" });
      store.tasks.complete(weekly);
      store.labels.update(label, { name: "crisp" });
      store.tasks.complete(sub);
      store.tasks.remove(milk);
    }),
};

test.each(Object.entries(CHANGES))("%s is taken back after it was sent, and again", async (_, change) => {
  const one = await world();
  const before = plain(shownBy(store));
  const done = change(one);
  expect(await done.outcome).toBe("done");
  await store.sync();
  const after = plain(shownBy(store));
  expect(after).not.toEqual(before);
  const undone = store.undo(done);
  expect(await undone?.outcome).toBe("done");
  await store.sync();
  expect(unplaced(plain(shownBy(store)))).toEqual(unplaced(before));
  expect(shownBy(store)).toEqual(await heldBy(device.user));
  expect(store.conflicts.get()).toEqual([]);
  expect(await (undone && store.undo(undone))?.outcome).toBe("done");
  await store.sync();
  expect(shownBy(store)).toEqual(await heldBy(device.user));
  if (!store.conflicts.get().length) expect(unplaced(plain(shownBy(store)))).toEqual(unplaced(after));
});

// Undoing a move puts the task between its neighbours again, with another key.
function unplaced(all: object): object {
  return JSON.parse(JSON.stringify(all, (name, value) => (name === "position" ? undefined : value)));
}

test("a change that is on its way is taken back when its answer is there", async () => {
  const { weekly } = await world();
  let release = (): void => undefined;
  let isHeld = false;
  device.network.before = async ({ method }) => {
    if (method === "GET" || isHeld) return;
    isHeld = true;
    await new Promise<void>((resolve) => (release = resolve));
  };
  const done = store.tasks.complete(weekly);
  await eventually(() => isHeld);
  const undone = store.undo(done);
  await undone?.stored;
  release();
  expect([await done.outcome, await undone?.outcome]).toEqual(["done", "done"]);
  await store.sync();
  expect(store.tasks.get(weekly).get()).toMatchObject({ due: { date: "2026-11-23" } });
});

test("what was undone is shown before the service has answered", async () => {
  const { milk, weekly, label, sub } = await world();
  const shown = plain(shownBy(store));
  for (const change of [store.tasks.remove(milk), store.labels.remove(label), store.tasks.complete(weekly)])
    await change.outcome;
  await store.sync();
  await goOffline();
  for (let at = 0; at < 3; at++) await store.undo()?.stored;
  expect(plain(shownBy(store))).toEqual(shown);
  expect(store.tasks.get(sub).get()).toMatchObject({ labels: ["fresh"] });
});

test("a change that someone else has built on is not taken back, but becomes a conflict", async () => {
  const { milk } = await world();
  const done = store.tasks.update(milk, { title: "Oat milk" });
  await store.sync();
  await goOffline();
  const undone = store.undo(done);
  const id = store.tasks.get(milk).get()?.id ?? 0;
  await service(device.user).patch("/tasks/{id}", { path: { id }, body: { title: "Soy milk" } });
  device.network.isDown = false;
  await store.sync();
  expect(await undone?.outcome).toMatchObject({ error: { status: 412 } });
  expect(store.conflicts.get()).toMatchObject([{ sent: { title: "Milk" }, there: { title: "Soy milk" } }]);
});

test("a change is not undone twice", async () => {
  const milk = store.tasks.add({ title: "Milk" });
  await milk.outcome;
  expect(await store.undo(milk)?.outcome).toBe("done");
  expect(store.undo(milk)).toBeUndefined();
});

const idOf = (uid: string): number => store.tasks.get(uid).get()?.id ?? 0;
const elsewhere = () => service(device.user);
const held = async (id: number): Promise<object> => (await elsewhere().get("/tasks/{id}", { path: { id } })).body;

async function comeBack(): Promise<void> {
  device.network.isDown = false;
  await store.sync();
}

test("a change is taken back to what it was, also if a part of it was done elsewhere already", async () => {
  const old = { title: "Bread", description: "Rye", priority: "high", due: { date: "2026-12-01" } } as const;
  const [milk, bread] = [store.tasks.add({ title: "Milk" }).uid, store.tasks.add(old).uid];
  await store.sync();
  const [gone, id] = [idOf(milk), idOf(bread)];
  await goOffline();
  const change = store.transact("Plan", () => {
    store.tasks.remove(milk);
    store.tasks.update(bread, { description: "White", priority: "low", due: null });
  });
  await elsewhere().delete("/tasks/{id}", { path: { id: gone } });
  await comeBack();
  expect(await change.outcome).toBe("done");
  expect(await store.undo(change)?.outcome).toBe("done");
  expect(await held(id)).toMatchObject(old);
  expect(store.tasks.get(milk).get()).toBeUndefined();
});

test("what came out of the trash with a change is taken back to what it was", async () => {
  const { milk } = await world();
  const id = idOf(milk);
  await goOffline();
  const change = store.tasks.update(milk, { description: "Skimmed", priority: "low" });
  await elsewhere().delete("/tasks/{id}", { path: { id } });
  await comeBack();
  expect(await store.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  await store.sync();
  expect(await store.undo(change)?.outcome).toBe("done");
  expect(await held(id)).toMatchObject({ description: "Whole", priority: "high" });
});

test.each(["complete", "skip"] as const)(
  "to %s an occurrence that another device was faster with had no effect, and nothing of theirs is taken back",
  async (act) => {
    const { weekly } = await world();
    const id = idOf(weekly);
    await goOffline();
    const change = store.tasks[act](weekly);
    await elsewhere().patch("/tasks/{id}/complete", { path: { id } });
    await elsewhere().patch("/tasks/{id}", { path: { id }, body: { title: "Sweep everything" } });
    const theirs = await held(id);
    let isHeld = false;
    let undone: Change | undefined;
    device.network.before = async ({ method }) => {
      if (method === "GET" || isHeld) return;
      isHeld = true;
      undone = store.undo(change);
      await undone?.stored;
    };
    await comeBack();
    expect([await change.outcome, await undone?.outcome]).toEqual(["done", "done"]);
    await store.sync();
    expect(await held(id)).toEqual(theirs);
    expect(store.tasks.get(weekly).get()).toMatchObject(theirs);
    const again = store.tasks.skip(weekly);
    await again.outcome;
    await store.sync();
    expect(await store.undo(again)?.outcome).toBe("done");
    expect(await held(id)).toMatchObject({ due: { date: "2026-11-30" }, title: "Sweep everything" });
    expect(store.conflicts.get()).toEqual([]);
  },
);

test("the last occurrence is taken back, also when its answer came twice", async () => {
  const last = store.tasks.add({
    title: "Sweep",
    due: { date: "2026-11-23" },
    recurrence: { rule: "FREQ=WEEKLY;COUNT=1", basis: "schedule" },
  }).uid;
  await store.sync();
  for (const fault of [null, "lost"] as const) {
    let isFirst = true;
    device.network.fault = ({ method }) => (method === "GET" || !isFirst ? null : ((isFirst = false), fault));
    const change = store.tasks.complete(last);
    expect(await change.outcome).toBe("done");
    await store.sync();
    expect(await held(idOf(last))).toMatchObject({ status: "complete" });
    expect(await store.undo(change)?.outcome).toBe("done");
    await store.sync();
    expect(await held(idOf(last))).toMatchObject({ status: "incomplete" });
  }
});

test("what was refused and dropped is not taken back", async () => {
  const { milk } = await world();
  const id = idOf(milk);
  const last = store.tasks.add({ title: "Tea" });
  await last.outcome;
  await goOffline();
  const change = store.transact("Plan", () => {
    store.tasks.update(milk, { priority: "low" });
    store.tasks.add({ title: "" });
  });
  await elsewhere().patch("/tasks/{id}", { path: { id }, body: { priority: "medium" } });
  await comeBack();
  await store.conflicts.get()[0]?.keepTheirs();
  expect(store.undo(change)).toBeUndefined();
  expect(await store.undo()?.outcome).toBe("done");
  await store.sync();
  expect(await held(id)).toMatchObject({ priority: "medium" });
  expect(store.tasks.get(last.uid).get()).toBeUndefined();
});

test("what was withdrawn with another change, or never stored, is not taken back", async () => {
  await store.close();
  const storage = new MemoryStorage();
  store = device.open({ storage }).store;
  const { milk } = await world();
  await goOffline();
  const bread = store.tasks.add({ title: "Bread" });
  const update = store.tasks.update(bread.uid, { title: "Rye bread" });
  await store.undo(bread)?.outcome;
  expect(store.undo(update)).toBeUndefined();
  const { run } = storage;
  storage.run = async () => Promise.reject(new Error("No room"));
  const broken = store.tasks.update(milk, { title: "Oat milk" });
  await expect(broken.stored).rejects.toThrow("No room");
  storage.run = run;
  expect(store.undo(broken)).toBeUndefined();
  await comeBack();
  expect(store.conflicts.get()).toEqual([]);
});

test("after the account began anew, an old revision undoes nothing", async () => {
  const { weekly } = await world();
  const first = store.tasks.complete(weekly);
  await store.sync();
  const second = store.tasks.complete(weekly);
  await store.sync();
  await goOffline();
  const queued = store.undo(second);
  await queued?.stored;
  await elsewhere().delete("");
  const { body: tea } = await elsewhere().post("/tasks", { body: { title: "Tea" } });
  for (let at = 0; at < 20; at++)
    await elsewhere().patch("/tasks/{id}", { path: { id: tea.id }, body: { title: `Tea ${at}` } });
  const theirs = await held(tea.id);
  await comeBack();
  const late = store.undo(first);
  for (const undone of [queued, late])
    expect(await undone?.outcome).toMatchObject({ error: { code: "change_expired" } });
  await store.sync();
  expect(device.network.writes.filter(({ path }) => path === "/undo")).toEqual([]);
  expect(await held(tea.id)).toEqual(theirs);
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});
