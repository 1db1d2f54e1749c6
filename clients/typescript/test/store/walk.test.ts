// The copy: what pages of sync do to it, and what they can't do.

import { afterEach, beforeEach, expect, test } from "vitest";
import { newUser } from "../service.ts";
import { Device, eventually, heldBy, service, shownBy, taskRow as task } from "./harness.ts";
import { Locks } from "./locks.ts";

let device: Device;
beforeEach(() => (device = new Device(newUser())));
afterEach(() => device.close());

const page = (tasks: object[], cursor: string, has_more: boolean, more: object = {}): Response =>
  Response.json({ tasks, lists: [], labels: [], filters: [], removed: [], cursor, has_more, ...more });
const isSync = ({ url }: Request): boolean => url.includes("/sync");
const cursorOf = ({ url }: Request): string | null => new URL(url).searchParams.get("cursor");
const gone = (): Response => {
  const body = { type: "/", title: "Gone", status: 410, detail: "Expired", error: "Expired", code: "cursor_expired" };
  return new Response(JSON.stringify(body), { status: 410, headers: { "content-type": "application/problem+json" } });
};

test("the first fill is shown page by page, and goes on after a reload", async () => {
  let isCut = true;
  device.network.fault = (request) => {
    if (!isSync(request)) return null;
    if (cursorOf(request) === null) return page([task(1)], "c1", true);
    if (isCut) return new Response("", { status: 502 });
    return page([task(2)], "c2", false);
  };
  const { store } = device.open();
  await eventually(() => store.tasks.query().get().length === 1);
  expect(store.status.get().phase).not.toBe("live");
  await store.close();
  isCut = false;
  device.network.requests.length = 0;
  const again = device.open().store;
  await eventually(() => again.status.get().phase === "live");
  expect(
    again.tasks
      .query()
      .get()
      .map(({ id }) => id),
  ).toEqual([1, 2]);
});

test("after it, pages are shown together, when the last one is there", async () => {
  const pages: Record<string, () => Response> = {
    c1: () => page([task(1, { title: "Changed", revision: 11 })], "c2", true),
    c2: () => page([task(2, { title: "Changed", revision: 12 })], "c3", false),
    c3: () => page([], "c3", false),
  };
  device.network.fault = (request) =>
    isSync(request) ? (pages[cursorOf(request) ?? ""] ?? (() => page([task(1), task(2)], "c1", false)))() : null;
  const { store, wake } = device.open();
  const seen: unknown[] = [];
  const view = store.tasks.query();
  await eventually(() => store.status.get().phase === "live");
  view.subscribe((items) => seen.push(items.map(({ title }) => title)));
  wake();
  await eventually(() => seen.length > 0);
  expect(seen).toEqual([["Changed", "Changed"]]);
});

test("a lost page changes nothing, and the walk goes on where it was", async () => {
  const { store } = device.open();
  await store.sync();
  const api = service(device.user);
  for (const title of ["Milk", "Bread"]) await api.post("/tasks", { body: { title } });
  let left = 3;
  device.network.fault = (request) => (isSync(request) && left-- > 0 ? "lost" : null);
  await store.sync();
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});

test("an expired cursor (410) replaces the copy, keeps the outbox, and never shows an empty list", async () => {
  const { store, wake } = device.open();
  const old = store.tasks.add({ title: "Milk" });
  await store.sync();
  const id = store.tasks.get(old.uid).get()?.id ?? 0;
  device.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline");
  await store.tasks.add({ title: "Bread" }).stored;
  await service(device.user).delete("/tasks/{id}", { path: { id } });
  await service(device.user).post("/tasks", { body: { title: "Eggs" } });
  device.network.fault = (request) =>
    isSync(request) && cursorOf(request) !== null && !isRefilled ? ((isRefilled = true), gone()) : null;
  let isRefilled = false;
  const seen: number[] = [];
  store.tasks.query().subscribe((items) => seen.push(items.length));
  device.network.isDown = false;
  wake();
  await store.sync();
  expect(isRefilled).toBe(true);
  expect(seen).not.toContain(0);
  expect(
    store.tasks
      .query()
      .get()
      .map(({ title }) => title)
      .sort(),
  ).toEqual(["Bread", "Eggs"]);
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});

test("a cursor that the service does not know (400) replaces the copy once", async () => {
  const { store, wake } = device.open();
  store.tasks.add({ title: "Milk" });
  await store.sync();
  const unknown = (): Response => {
    const body = { type: "/", title: "", status: 400, detail: "No", error: "No", code: "invalid_cursor" };
    return new Response(JSON.stringify(body), { status: 400, headers: { "content-type": "application/problem+json" } });
  };
  await service(device.user).post("/tasks", { body: { title: "Bread" } });
  let refused: string | null = null;
  device.network.fault = (request) =>
    isSync(request) && cursorOf(request) === (refused ??= cursorOf(request)) ? unknown() : null;
  wake();
  await store.sync();
  expect(refused).not.toBeNull();
  expect(shownBy(store)).toEqual(await heldBy(device.user));
  device.network.fault = (request) => (isSync(request) ? unknown() : null);
  wake();
  await eventually(() => store.status.get().phase === "offline");
  expect(store.tasks.query().get().length).toBe(2);
  device.network.fault = () => null;
  await store.sync();
  expect(store.status.get().phase).toBe("live");
});

test("types and members that the store does not know survive", async () => {
  const sections = [{ id: 77, name: "Later", depth: { of: [1] } }];
  device.network.fault = (request) =>
    isSync(request) ? page([task(1, { mood: "blue" })], "c1", false, { sections, news: 1 }) : null;
  const { store } = device.open();
  await eventually(() => store.tasks.query().get().length === 1);
  expect(store.tasks.query().get()[0]).toMatchObject({ mood: "blue" });
  await store.close();
  device.network.isDown = true;
  const again = device.open().store;
  await eventually(() => again.tasks.query().get().length === 1);
  expect(again.tasks.query().get()[0]).toMatchObject({ mood: "blue" });
  const stored = await inStorage("objects");
  expect(stored).toContainEqual({ id: 77, type: "section", row: sections[0] });
});

async function inStorage(area: string): Promise<unknown[]> {
  const database = await opened();
  const request = database.transaction(area).objectStore(area).getAll();
  return new Promise((resolve) => (request.onsuccess = () => (database.close(), resolve(request.result))));
}

async function opened(): Promise<IDBDatabase> {
  const [{ name = "" } = {}] = await device.indexedDB.databases();
  const request = device.indexedDB.open(name);
  return new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
}

async function change(work: (transaction: IDBTransaction) => void): Promise<void> {
  const database = await opened();
  const transaction = database.transaction(["meta", "objects", "outbox"], "readwrite");
  work(transaction);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

test("an older format of the copy is dropped, and the outbox stays", async () => {
  const { store } = device.open();
  await store.tasks.add({ title: "Milk" }).outcome;
  await store.sync();
  device.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline");
  await store.tasks.add({ title: "Bread" }).stored;
  await store.close();
  await change((transaction) =>
    transaction.objectStore("meta").put({ format: 0, stamp: 7, isComplete: true, cursor: "old" }, "copy"),
  );
  const again = device.open().store;
  await eventually(() => again.tasks.query().get().length === 1);
  expect(again.tasks.query().get()).toMatchObject([{ title: "Bread", pending: true }]);
  device.network.isDown = false;
  await again.sync();
  expect(
    again.tasks
      .query()
      .get()
      .map(({ title }) => title)
      .sort(),
  ).toEqual(["Bread", "Milk"]);
});

test("a newer format of the copy says that this page is outdated, and touches nothing", async () => {
  const { store } = device.open();
  await store.sync();
  await store.close();
  await change((transaction) =>
    transaction.objectStore("meta").put({ format: 99, stamp: 7, isComplete: true }, "copy"),
  );
  const again = device.open().store;
  await eventually(() => again.status.get().phase === "outdated");
  expect(await inStorage("meta")).toContainEqual({ format: 99, stamp: 7, isComplete: true });
});

test("a write of the first released format is still sent", async () => {
  const { store } = device.open();
  await store.sync();
  await store.close();
  const write = {
    v: 1,
    id: "w",
    at: "2026-11-27T12:00:00.000Z",
    seq: 1000,
    stamp: 0,
    ops: [
      { op: "create", type: "task", uid: "u-1", value: { title: "From 2026" } },
      { op: "complete", type: "task", id: { uid: "u-1" } },
    ],
  };
  await change((transaction) => transaction.objectStore("outbox").put(write, "w"));
  const again = device.open().store;
  await again.sync();
  expect(again.tasks.query().get()).toMatchObject([{ uid: "u-1", title: "From 2026", status: "complete" }]);
});

test("an answered write stays in the view until a walk that began after the answer", async () => {
  const { store } = device.open();
  await store.sync();
  let answerSync = (): void => undefined;
  let isHeld = false;
  const api = service(device.user);
  device.network.fault = () => null;
  const hold = new Promise<void>((resolve) => (answerSync = resolve));
  device.network.before = async (request) => {
    if (!isSync(request) || isHeld) return;
    isHeld = true;
    await hold;
  };
  await api.post("/tasks", { body: { title: "Bread" } });
  await eventually(() => isHeld);
  const milk = store.tasks.add({ title: "Milk" });
  const seen: boolean[] = [];
  store.tasks.query().subscribe((items) => seen.push(items.some(({ title }) => title === "Milk")));
  await milk.stored;
  answerSync();
  expect(await milk.outcome).toBe("done");
  await store.sync();
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(false);
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});

test("a walk that began before an answer, which another tab got, does not remove the write", async () => {
  const gate = (): { readonly opened: Promise<void>; open: () => void } => {
    let open = (): void => undefined;
    return { opened: new Promise<void>((resolve) => (open = resolve)), open: () => open() };
  };
  const [page, post, walk] = [gate(), gate(), gate()];
  const other = new Device(device.user, device.indexedDB);
  const [one, two] = [device, other].map((of) => of.open({}, { locks: new Locks().manager }).store);
  for (const store of [one, two]) await store?.sync();
  let [isSending, isHeld] = [false, false];
  // The other tab's write waits before the service; its next walk waits too.
  other.network.before = async (request) => {
    if (request.method === "POST") await ((isSending = true), post.opened);
    else if (isSync(request)) await walk.opened;
  };
  const milk = two?.tasks.add({ title: "Milk" });
  await eventually(() => isSending);
  // This tab's page, without the write, waits after the service.
  device.network.after = async (request, response) => {
    if (isHeld || !isSync(request) || !(await response.clone().text()).includes("Bread")) return;
    isHeld = true;
    await page.opened;
  };
  await service(device.user).post("/tasks", { body: { title: "Bread" } });
  await eventually(() => isHeld);
  post.open();
  expect(await milk?.outcome).toBe("done");
  const seen = (): string[] =>
    one?.tasks
      .query()
      .get()
      .map(({ title }) => title)
      .sort() ?? [];
  await eventually(() => one?.outbox.get().length === 0 && seen().includes("Milk"));
  device.network.fault = (request) => (isSync(request) ? new Response("", { status: 502 }) : null);
  page.open();
  await eventually(() => seen().includes("Bread"));
  expect(seen()).toEqual(["Bread", "Milk"]);
  walk.open();
  await other.close();
});

test("the user's settings are kept, and followed", async () => {
  const { store } = device.open();
  await store.sync();
  expect(store.me.get()).toMatchObject({ id: device.user, week_start: "monday" });
  await service(device.user).patch("", { body: { week_start: "sunday" } });
  await eventually(() => store.me.get()?.week_start === "sunday");
});
