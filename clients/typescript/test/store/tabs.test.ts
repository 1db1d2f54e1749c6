// Several tabs of one profile: one speaks with the service, all show the same.

import { afterEach, beforeEach, expect, test } from "vitest";
import { newUser, tokenOf } from "../service.ts";
import { Device, eventually, heldBy, service, shownBy, type Tab } from "./harness.ts";
import { Locks } from "./locks.ts";

let device: Device;
beforeEach(() => (device = new Device(newUser())));
afterEach(() => device.close());

const streams = (): number => device.network.requests.filter(({ path }) => path === "/events").length;
const leads = ({ store }: Tab): boolean => store.status.get().leader;

/** The two ways to find a leader, and the one to live without messages. */
const ways = {
  "locks and a channel": () => ({ locks: new Locks().manager }),
  "a lease and a channel": () => ({ locks: undefined }),
  "a lease and no channel": () => ({ locks: undefined, channel: () => undefined }),
};

test.each(Object.entries(ways))("with %s, tabs show the same, and one of them leads", async (_, way) => {
  const platform = { ...way(), patience: 300 };
  const [one, two] = [device.open({}, platform), device.open({}, platform)];
  await eventually(() => leads(one) !== leads(two));
  const follower = leads(one) ? two : one;
  const added = follower.store.tasks.add({ title: "Milk" });
  expect(await added.outcome).toBe("done");
  await service(device.user).post("/tasks", { body: { title: "Bread" } });
  for (const { store } of [one, two]) await eventually(() => store.tasks.query().get().length === 2);
  await eventually(async () => JSON.stringify(shownBy(one.store)) === JSON.stringify(await heldBy(device.user)));
  await eventually(() => JSON.stringify(shownBy(two.store)) === JSON.stringify(shownBy(one.store)));
  await eventually(() => streams() > 0);
  expect(streams()).toBe(1);
});

test.each(Object.entries(ways))("with %s, another tab leads when the leader is closed", async (_, way) => {
  const platform = { ...way(), patience: 300 };
  const [one, two] = [device.open({}, platform), device.open({}, platform)];
  await eventually(() => leads(one) !== leads(two));
  const [leader, follower] = leads(one) ? [one, two] : [two, one];
  await leader.store.close();
  await eventually(() => leads(follower));
  expect(await follower.store.tasks.add({ title: "Milk" }).outcome).toBe("done");
});

test("a follower takes over from a frozen leader only when it is visible, and the frozen one gives way", async () => {
  const locks = new Locks();
  const silent = { postMessage: () => undefined, onmessage: null, close: () => undefined };
  const frozen = device.open({}, { locks: locks.manager, patience: 200, channel: () => silent });
  await eventually(() => leads(frozen));
  const other = device.open({}, { locks: locks.manager, patience: 200 });
  other.isVisible = false;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(leads(other)).toBe(false);
  other.isVisible = true;
  await eventually(() => leads(other));
  await eventually(() => !leads(frozen));
  expect(await other.store.tasks.add({ title: "Milk" }).outcome).toBe("done");
});

test("a store that is closed while a leader is elected leads no more, and leaves no lease", async () => {
  const names = new Set<string>();
  for (let turns = 0; turns < 40; turns++) {
    const { store } = device.open();
    store.status.subscribe(({ leader }) => leader && names.add("leader"));
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    await store.close();
    names.delete("leader");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([...names], `closed after ${turns} turns`).toEqual([]);
  }
  const before = performance.now();
  const last = device.open({}, { patience: 5_000 });
  await eventually(() => leads(last));
  expect(performance.now() - before).toBeLessThan(1_000);
});

test("a second tab shows what the leader knows of the service, though nothing happens", async () => {
  const platform = { locks: new Locks().manager };
  const one = device.open({}, platform);
  await one.store.sync();
  await eventually(() => leads(one));
  const two = device.open({}, platform);
  await eventually(() => two.store.status.get().phase === "live", 3);
});

test.each(["a change", "a sync"])("after signing in again, %s in any tab makes all live", async (what) => {
  let isIn = false;
  const platform = { locks: new Locks().manager };
  const token = async (): Promise<string | null> => (isIn ? tokenOf(device.user) : null);
  const [one, two] = [device.open({ token }, platform), device.open({ token }, platform)];
  for (const { store } of [one, two]) await eventually(() => store.status.get().phase === "signed-out");
  isIn = true;
  const follower = leads(one) ? two : one;
  if (what === "a sync") await follower.store.sync();
  else expect(await follower.store.tasks.add({ title: "Milk" }).outcome).toBe("done");
  for (const { store } of [one, two]) await eventually(() => store.status.get().phase === "live");
  await service(device.user).post("/tasks", { body: { title: "Bread" } });
  for (const { store } of [one, two])
    await eventually(
      () =>
        store.tasks
          .query()
          .get()
          .some(({ title }) => title === "Bread"),
      5,
    );
});

test("where a page may have no locks, the tabs use a lease", async () => {
  let requests = 0;
  const request = async (): Promise<never> => {
    if (++requests > 1_000) return new Promise(() => undefined);
    throw new DOMException("", "SecurityError");
  };
  const locks: LockManager = Object.create(null, { request: { value: request } });
  const [one, two] = [device.open({}, { locks }), device.open({}, { locks })];
  await eventually(() => leads(one) !== leads(two));
  expect(await two.store.tasks.add({ title: "Milk" }).outcome).toBe("done");
  expect(requests).toBe(2);
});

test("a lease moves on when its holder says nothing more", async () => {
  const frozen = device.open({}, { patience: 1_000_000 });
  await eventually(() => leads(frozen));
  const other = device.open({}, { patience: 200 });
  other.isVisible = false;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(leads(other)).toBe(false);
  other.isVisible = true;
  await eventually(() => leads(other));
  expect(await other.store.tasks.add({ title: "Milk" }).outcome).toBe("done");
});

test("two leaders at once do no harm", async () => {
  const tabs = Array.from({ length: 2 }, () => device.open({}, { locks: new Locks().manager }));
  await eventually(() => tabs.every(leads));
  const adds = Array.from({ length: 20 }, (_, at) => {
    const { store } = tabs[at % 2] ?? tabs[0]!;
    const added = store.tasks.add({ title: `Task ${at}` });
    store.tasks.update(added.uid, { title: `Task ${at}, changed` });
    if (at % 3 === 0) store.tasks.remove(added.uid);
    return added;
  });
  for (const added of adds) expect(await added.outcome).toBe("done");
  for (const { store } of tabs) await store.sync();
  const held = await heldBy(device.user);
  for (const { store } of tabs) await eventually(() => JSON.stringify(shownBy(store)) === JSON.stringify(held));
  expect(Object.keys(held)).toContain("tasks");
  const all = await service(device.user).get("/tasks");
  expect(all.body.map(({ title }) => title).sort()).toEqual(
    adds.flatMap((_, at) => (at % 3 === 0 ? [] : [`Task ${at}, changed`])).sort(),
  );
  for (const { store } of tabs) expect(store.conflicts.get()).toEqual([]);
});

test("a tab that missed messages shows the same in the end", async () => {
  const one = device.open();
  const deaf = device.open(
    {},
    { channel: () => ({ postMessage: () => undefined, onmessage: null, close: () => undefined }) },
  );
  await deaf.store.sync();
  await one.store.tasks.add({ title: "Milk" }).outcome;
  await deaf.store.tasks.add({ title: "Bread" }).stored;
  expect(
    deaf.store.tasks
      .query()
      .get()
      .map(({ title }) => title)
      .sort(),
  ).toEqual(["Bread", "Milk"]);
});
