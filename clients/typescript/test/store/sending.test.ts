// The outbox: what happens to a write on its way, and how often it takes effect.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, expect, test } from "vitest";
import type { Store } from "../../src/store/index.ts";
import { newUser } from "../service.ts";
import { Device, eventually, heldBy, service, shownBy, titlesOf } from "./harness.ts";

let device: Device;
const open = (...how: Parameters<Device["open"]>) => (device = new Device(newUser())).open(...how);
afterEach(() => device.close());

async function titles(): Promise<string[]> {
  return (await service(device.user).get("/tasks")).body.map(({ title }) => title);
}

function problem(status: number, code: string, more: object = {}, headers: Record<string, string> = {}): Response {
  const body = { type: "/", title: "", status, detail: "No", error: "No", code, ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

test("a click is shown before the service knows it, and keeps its identity", async () => {
  const { store } = open();
  const list = store.lists.add({ name: "Home" });
  const milk = store.tasks.add({ title: "Milk", list_id: list.uid });
  await milk.stored;
  const view = store.tasks.query({ list: list.uid });
  expect(view.get()).toMatchObject([{ uid: milk.uid, title: "Milk", list_id: list.uid, pending: true }]);
  store.tasks.update(milk.uid, { title: "Oat milk", add_labels: ["dairy"] });
  store.tasks.complete(milk.uid);
  expect(view.get()).toMatchObject([{ title: "Oat milk", status: "complete", labels: ["dairy"] }]);
  expect(await milk.outcome).toBe("done");
  await store.sync();
  expect(view.get()).toMatchObject([{ uid: milk.uid, title: "Oat milk", pending: false, list_id: expect.any(Number) }]);
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});

test("a change is what you gave, whatever you do with your objects afterwards, and whatever kind of objects they are", async () => {
  const { store } = open();
  const labels = ["dairy"];
  const patch = { description: "Whole", due: new Proxy({ date: "2026-12-01" }, {}) };
  const milk = store.tasks.add({ title: "Milk", labels });
  const change = store.tasks.update(milk.uid, patch);
  labels.push("cold");
  patch.description = "Skimmed";
  await change.stored;
  labels.push("old");
  expect(await change.outcome).toBe("done");
  await store.sync();
  expect(store.tasks.query().get()).toMatchObject([
    { labels: ["dairy"], description: "Whole", due: { date: "2026-12-01" } },
  ]);
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});

test("sending starts only after the write is stored, with bytes and a key that stay", async () => {
  const { store } = open();
  await store.sync();
  let stored: unknown;
  device.network.fault = (request, body) => {
    if (request.method === "GET") return null;
    const key = request.headers.get("idempotency-key")?.slice(1, -1);
    const found = inStorage().then((writes) => writes.find(({ request: frozen }) => frozen?.key === key));
    stored ??= found.then((write) => write?.request?.body === body);
    return null;
  };
  await store.tasks.add({ title: "Milk" }).outcome;
  expect(await stored).toBe(true);
});

test("what is done right before the store is closed is stored, or says that it is not", async () => {
  const { store } = open();
  const early = store.tasks.add({ title: "Milk" });
  await store.close();
  await early.stored;
  const second = device.open().store;
  await second.sync();
  const added = second.tasks.add({ title: "Bread" });
  const closing = second.close();
  await added.stored;
  await closing;
  const late = second.tasks.add({ title: "Eggs" });
  await expect(late.stored).rejects.toThrow("signed out");
  expect(await late.outcome).toBe("withdrawn");
  const again = device.open().store;
  await again.sync();
  expect((await titles()).sort()).toEqual(["Bread", "Milk"]);
});

test("while a write has to wait, the changes of others are shown", async () => {
  const { store } = open();
  await store.sync();
  device.network.fault = ({ method }) =>
    method === "GET" ? null : problem(429, "rate_limited", {}, { "retry-after": "60" });
  store.tasks.add({ title: "Milk" });
  await eventually(() => device.network.writes.length === 1);
  for (const title of ["Bread", "Eggs"]) {
    await service(device.user).post("/tasks", { body: { title } });
    await eventually(
      () =>
        store.tasks
          .query()
          .get()
          .some((task) => task.title === title),
      5,
    );
  }
  expect(store.status.get()).toMatchObject({ phase: "live", waiting: 1 });
  expect(device.network.writes.length).toBe(1);
  device.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline", 5);
  device.network.isDown = false;
  await eventually(() => store.status.get().phase === "live", 5);
});

test("a transaction says what went wrong in it, also when it runs only after the store is open", async () => {
  const { store } = open();
  const later = device.open().store;
  const asynchronous = async (): Promise<void> => undefined;
  const broken =
    ({ tasks }: Store) =>
    (): void => {
      tasks.add({ title: "Bread" });
      throw new Error("No bread");
    };
  const [early, late] = [store.transact("Shopping", asynchronous), later.transact("Shopping", broken(later))];
  await expect(early.stored).rejects.toThrow("async");
  await expect(late.stored).rejects.toThrow("No bread");
  expect(() => store.transact("Shopping", asynchronous)).toThrow("async");
  expect(() => later.transact("Shopping", broken(later))).toThrow("No bread");
  await store.sync();
  expect(await titles()).toEqual([]);
});

test("in Node, the process runs until what it waits for has come", async () => {
  const entry = fileURLToPath(new URL("../../src/store/index.ts", import.meta.url));
  const program = `
    import { createStore } from "./store.mjs";
    let tries = 0;
    const fetch = async () => (++tries < 4 ? new Response("", { status: 502 }) : Promise.reject(process.exit(7)));
    const store = createStore({ user: "ann", url: "http://127.0.0.1:9", token: async () => "token", storage: "memory", fetch });
    await store.sync();
  `;
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  await build({ entryPoints: [entry], bundle: true, format: "esm", outfile: join(folder, "store.mjs") });
  writeFileSync(join(folder, "program.mjs"), program);
  device = new Device(newUser());
  const { status, stderr } = spawnSync(process.execPath, [join(folder, "program.mjs")], {
    encoding: "utf8",
    timeout: 30_000,
  });
  rmSync(folder, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 7, stderr: "" });
});

async function inStorage(): Promise<{ request?: { key: string; body: string } }[]> {
  const opened = device.indexedDB.open((await device.indexedDB.databases())[0]?.name ?? "");
  const database = await new Promise<IDBDatabase>((resolve) => (opened.onsuccess = () => resolve(opened.result)));
  const request = database.transaction("outbox").objectStore("outbox").getAll();
  const found = await new Promise<{ request?: { key: string; body: string } }[]>(
    (resolve) => (request.onsuccess = () => resolve(request.result)),
  );
  database.close();
  return found;
}

test.each(["lost", "late"] as const)("a %s reply makes nothing twice", async (fault) => {
  const { store } = open();
  let left = 2;
  device.network.fault = ({ method }) => (method !== "GET" && left-- > 0 ? fault : null);
  store.tasks.add({ title: "Milk" });
  store.tasks.add({ title: "Bread" });
  await store.sync();
  expect(await titles()).toEqual(["Bread", "Milk"]);
  const milk = device.network.writes.filter(({ body }) => body.includes("Milk"));
  expect(new Set(milk.map(({ key }) => key)).size).toBe(1);
  expect(new Set(milk.map(({ body }) => body)).size).toBe(1);
});

test.each([
  [408, "request_timeout"],
  [409, "request_in_progress"],
  [429, "rate_limited"],
  [503, "unavailable"],
] as const)("after %i %s a write is sent again", async (status, code) => {
  const { store } = open();
  let left = 7;
  device.network.fault = ({ method }) =>
    method !== "GET" && left-- > 0 ? problem(status, code, {}, { "retry-after": "0" }) : null;
  const milk = store.tasks.add({ title: "Milk" });
  expect(await milk.outcome).toBe("done");
  expect(await titles()).toEqual(["Milk"]);
  expect(store.conflicts.get()).toEqual([]);
});

test("a write that the service can't take is set aside, and holds up nothing", async () => {
  const { store } = open();
  device.network.fault = (_, body) => (body.includes("Poison") ? problem(500, "internal_error") : null);
  const poison = store.tasks.add({ title: "Poison" });
  const below = store.tasks.add({ title: "Below", parent_id: poison.uid });
  const milk = store.tasks.add({ title: "Milk" });
  expect(await milk.outcome).toBe("done");
  expect(await below.outcome).toMatchObject({ error: { status: 500 } });
  expect(store.conflicts.get()).toMatchObject([
    { sent: { title: "Poison" }, changes: [poison.id, below.id], there: null },
  ]);
  expect(await titles()).toEqual(["Milk"]);
  const key = device.network.writes.find(({ body }) => body.includes("Poison"))?.key;
  device.network.fault = () => null;
  expect(await store.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  await store.sync();
  expect(new Set(await titles())).toEqual(new Set(["Milk", "Poison", "Below"]));
  expect(
    device.network.writes
      .filter(({ body }) => body.includes("Poison") && !body.includes("Below"))
      .every((one) => one.key === key),
  ).toBe(true);
});

test("a write that the token does not allow waits for another token", async () => {
  const { store } = open();
  device.network.fault = ({ method }) => (method === "GET" ? null : problem(403, "insufficient_scope"));
  const milk = store.tasks.add({ title: "Milk" });
  await eventually(() => device.network.writes.length > 7);
  expect(store.conflicts.get()).toEqual([]);
  expect(store.outbox.get()).toMatchObject([{ id: milk.id }]);
  device.network.fault = () => null;
  expect(await milk.outcome).toBe("done");
});

test.each([
  ["is lost each time", () => "lost" as const],
  ["a proxy refuses", () => new Response("Too large", { status: 413 })],
])("a write that %s is set aside with its key", async (_, fault) => {
  const { store } = open();
  device.network.fault = (__, body) => (body.includes("Poison") ? fault() : null);
  store.tasks.add({ title: "Poison" });
  const milk = store.tasks.add({ title: "Milk" });
  expect(await milk.outcome).toBe("done");
  device.network.fault = () => null;
  expect(await store.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  expect(new Set(device.network.writes.flatMap(({ body, key }) => (body.includes("Poison") ? [key] : []))).size).toBe(
    1,
  );
  expect(new Set(await titles())).toEqual(new Set(["Milk", "Poison"]));
});

test("the service knows best which revision it has, and what it keeps refusing becomes a conflict", async () => {
  const { store } = open();
  const { uid } = store.tasks.add({ title: "Milk" });
  await store.sync();
  const current = (await service(device.user).get("/tasks")).body[0];
  device.network.requests.length = 0;
  device.network.fault = ({ method }) =>
    method === "GET" ? null : problem(412, "stale", { index: 0, current: { ...current, revision: 1 } });
  const change = store.tasks.update(uid, { title: "Oat milk" });
  expect(await change.outcome).toMatchObject({ error: { status: 412 } });
  expect(device.network.writes.map(({ body }) => JSON.parse(body).operations[0].if_match)).toEqual([
    current?.revision,
    1,
    1,
    1,
    1,
  ]);
  device.network.fault = () => null;
  expect(await store.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  expect(await titles()).toEqual(["Oat milk"]);
});

test("a refused create takes along what needs it, and nothing else", async () => {
  const { store } = open();
  device.network.isDown = true;
  const list = store.lists.add({ name: "Home", color: "no color" });
  const task = store.tasks.add({ title: "Sweep", list_id: list.uid });
  const sub = store.tasks.add({ title: "Buy a broom", parent_id: task.uid });
  const other = store.tasks.add({ title: "Milk" });
  await other.stored;
  device.network.isDown = false;
  await store.sync();
  expect(await other.outcome).toBe("done");
  for (const change of [list, task, sub])
    expect(await change.outcome).toMatchObject({ error: { code: "invalid_input" } });
  expect(store.conflicts.get()).toMatchObject([{ sent: { name: "Home" }, changes: [list.id, task.id, sub.id] }]);
  expect(titlesOf(store)).toEqual(["Milk"]);
});

test("a token is asked for again when the service refuses the old one", async () => {
  const reasons: string[] = [];
  const token = async (why: string): Promise<string> => {
    reasons.push(why);
    const { tokenOf } = await import("../service.ts");
    return tokenOf(device.user, reasons.length < 2 ? -3600 : 3600);
  };
  const { store } = open({ token });
  store.tasks.add({ title: "Milk" });
  await store.sync();
  expect(await titles()).toEqual(["Milk"]);
  expect(reasons).toEqual(["start", "refused"]);
});

test("without a token the store keeps everything and waits", async () => {
  let isSignedIn = false;
  const { tokenOf } = await import("../service.ts");
  const { store, wake } = open({ token: async () => (isSignedIn ? tokenOf(device.user) : null) });
  const milk = store.tasks.add({ title: "Milk" });
  await milk.stored;
  await eventually(() => store.status.get().phase === "signed-out");
  expect(store.tasks.query().get()).toMatchObject([{ title: "Milk" }]);
  await expect(store.sync()).rejects.toThrow("signed out");
  isSignedIn = true;
  wake();
  expect(await milk.outcome).toBe("done");
});

test("a clock that is a year off refuses nothing", async () => {
  for (const off of [-1, 1]) {
    let hours = 0;
    const now = (): Date => new Date(Date.now() + off * 366 * 86_400_000 + hours * 3_600_000);
    const { store } = open({ now });
    device.network.isDown = true;
    const task = store.tasks.add({ title: "Milk" });
    const done = store.tasks.complete(task.uid);
    await done.stored;
    hours = 1;
    device.network.isDown = false;
    await store.sync();
    expect(await done.outcome).toBe("done");
    expect(store.tasks.query().get()).toMatchObject([{ status: "complete" }]);
    await device.close();
  }
});

test("what was done offline keeps its time", async () => {
  let hours = 0;
  const { store } = open({ now: () => new Date(Date.now() + hours * 3_600_000) });
  const task = store.tasks.add({ title: "Milk" });
  await store.sync();
  device.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline");
  await store.tasks.complete(task.uid).stored;
  const at = store.tasks.query().get()[0]?.completed_at;
  hours = 1;
  device.network.isDown = false;
  await store.sync();
  const [done] = (await service(device.user).get("/tasks")).body;
  expect(Date.parse(done?.completed_at ?? "")).toBe(Date.parse(at ?? ""));
});
