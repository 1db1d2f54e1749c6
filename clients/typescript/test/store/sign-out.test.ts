// One profile, two people: nothing of one reaches the other.

import { afterEach, expect, test, vi } from "vitest";
import { MemoryStorage, Unsent } from "../../src/store/index.ts";
import { newUser, tokenOf } from "../service.ts";
import { Device, eventually } from "./harness.ts";

const devices: Device[] = [];
function deviceOf(user: string, like?: Device): Device {
  const device = new Device(user, like?.indexedDB);
  devices.push(device);
  return device;
}
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
});

async function storedIn({ indexedDB }: Device): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name = "" } of await indexedDB.databases()) {
    const request = indexedDB.open(name);
    const database = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
    for (const area of database.objectStoreNames) {
      const all = database.transaction(area).objectStore(area).getAll();
      found[name] =
        (found[name] ?? "") +
        JSON.stringify(await new Promise((resolve) => (all.onsuccess = () => resolve(all.result))));
    }
    database.close();
  }
  return found;
}

async function put({ indexedDB }: Device, area: string, value: object): Promise<void> {
  const request = indexedDB.open((await indexedDB.databases())[0]?.name ?? "");
  const database = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
  const transaction = database.transaction(area, "readwrite");
  transaction.objectStore(area).put(value, "new");
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

function isOf(user: string, token: string): boolean {
  return Buffer.from(token.split(".")[1] ?? "", "base64url")
    .toString()
    .includes(user);
}

function expired(): Response {
  const body = { type: "/", title: "", status: 401, detail: "", error: "Token expired", code: "token_expired" };
  return new Response(JSON.stringify(body), { status: 401, headers: { "content-type": "application/problem+json" } });
}

test("two people in turn on one profile: not a byte of one reaches the other", async () => {
  const [ann, bob] = [newUser(), newUser()];
  const first = deviceOf(ann);
  const { store } = first.open();
  await store.tasks.add({ title: "Secret of Ann" }).outcome;
  first.network.isDown = true;
  await eventually(() => store.status.get().phase === "offline");
  await store.tasks.add({ title: "Unsent by Ann" }).stored;
  await store.close();

  const second = deviceOf(bob, first);
  const other = second.open().store;
  await other.tasks.add({ title: "Secret of Bob" }).outcome;
  await other.sync();
  expect(
    other.tasks
      .query()
      .get()
      .map(({ title }) => title),
  ).toEqual(["Secret of Bob"]);
  const stored = await storedIn(first);
  for (const [name, text] of Object.entries(stored))
    expect(text.includes("Bob") && text.includes("Ann"), name).toBe(false);
  const sent = JSON.stringify(second.network.requests);
  expect(sent).not.toContain("Ann");
  for (const { token } of second.network.requests) expect(isOf(bob, token)).toBe(true);
});

test("a storage of your own is that of one user of one service", async () => {
  const storage = new MemoryStorage();
  const first = deviceOf(newUser());
  const { store } = first.open({ storage });
  await store.tasks.add({ title: "Secret of Ann" }).outcome;
  first.network.isDown = true;
  await store.tasks.add({ title: "Unsent by Ann" }).stored;
  await store.close();

  const second = deviceOf(newUser());
  const other = second.open({ storage }).store;
  await expect(other.sync()).rejects.toThrow("another user");
  await expect(other.tasks.add({ title: "Secret of Bob" }).stored).rejects.toThrow("another user");
  expect(other.tasks.query().get()).toEqual([]);
  expect(other.status.get().phase).toBe("signed-out");
  expect(second.network.requests).toEqual([]);
  first.network.isDown = false;
  const again = first.open({ storage }).store;
  await again.sync();
  expect(again.tasks.query().get().length).toBe(2);
});

test("a database is that of one user of one service, however the address is written", async () => {
  const device = deviceOf("");
  const fetch = async (): Promise<Response> => new Response("", { status: 502 });
  const names = async (user: string, url: string): Promise<number> => {
    await device.open({ user, url, fetch }).store.tasks.add({ title: "Milk" }).stored;
    return (await device.indexedDB.databases()).length;
  };
  expect(await names("a b", "http://c/")).toBe(1);
  expect(await names("a", "b http://c/")).toBe(2);
  expect(await names("a", "http://c")).toBe(3);
  for (const url of ["http://c/", "HTTP://C//", "http://c:80"]) expect(await names("a", url), url).toBe(3);
  vi.stubGlobal("location", { href: "http://c/page?x#y" });
  expect(await names("a", "")).toBe(3);
  vi.unstubAllGlobals();
});

test.each([
  { tells: "the service", asked: ["GET"] },
  { tells: "the token", asked: [] },
])("a token of another user stops the store before it sends anything, if $tells says so", async ({ tells, asked }) => {
  const [ann, bob] = [newUser(), newUser()];
  let current = ann;
  const device = deviceOf(ann);
  const ownerOf = (token: string): string | undefined => [ann, bob].find((user) => isOf(user, token));
  const token = async (): Promise<string> => tokenOf(current);
  const { store } = device.open({ token, ...(tells === "the token" && { ownerOf }) });
  await store.tasks.add({ title: "Milk" }).outcome;
  current = bob;
  device.network.fault = ({ headers }) => (isOf(ann, headers.get("authorization") ?? "") ? expired() : null);
  const secret = store.tasks.add({ title: "Secret of Ann" });
  await secret.stored;
  await eventually(() => store.status.get().phase === "signed-out");
  await expect(store.sync()).rejects.toThrow("signed out");
  const wrong = device.network.requests.filter(({ token }) => isOf(bob, token));
  expect(wrong.map(({ method, body }) => method + body)).toEqual(asked);
  await expect(store.tasks.add({ title: "Secret of Bob" }).stored).rejects.toThrow("signed out");
  expect(
    store.tasks
      .query()
      .get()
      .map(({ title }) => title)
      .sort(),
  ).toEqual(["Milk", "Secret of Ann"]);
  expect(JSON.stringify(await storedIn(device))).not.toContain("Bob");
});

test("signing out removes everything in every tab, and says before that what would be lost", async () => {
  const device = deviceOf(newUser());
  const [one, two] = [device.open().store, device.open().store];
  await one.tasks.add({ title: "Milk" }).outcome;
  await eventually(() => two.tasks.query().get().length === 1);
  device.network.isDown = true;
  await eventually(() => one.status.get().phase === "offline" || two.status.get().phase === "offline");
  const lost = one.tasks.add({ title: "Bread" });
  await lost.stored;
  const lostToo = two.tasks.add({ title: "Bread" });
  await lostToo.stored;
  await expect(one.signOut("refuse")).rejects.toThrow(Unsent);
  await eventually(() => one.tasks.query().get().length === 3);
  await one.signOut("discard");
  expect([await lost.outcome, await lostToo.outcome]).toEqual(["withdrawn", "withdrawn"]);
  for (const store of [one, two]) {
    await eventually(() => store.status.get().phase === "signed-out");
    expect(store.tasks.query().get()).toEqual([]);
    expect(store.outbox.get()).toEqual([]);
  }
  await expect(two.tasks.add({ title: "Too late" }).stored).rejects.toThrow();
  expect(JSON.stringify(await storedIn(device))).not.toMatch(/Milk|Bread|Too late/);
});

test("signing out asks the storage what would be lost, also what another tab has stored a moment ago, in any format", async () => {
  const device = deviceOf(newUser());
  const deaf = { postMessage: () => undefined, onmessage: null, close: () => undefined };
  const one = device.open({}, { channel: () => deaf, patience: 1_000_000 }).store;
  const two = device.open().store;
  await Promise.all([one.sync(), two.sync()]);
  device.network.isDown = true;
  await two.tasks.add({ title: "Bread" }).stored;
  await expect(one.signOut("refuse")).rejects.toThrow(Unsent);
  await two.undo()?.stored;
  await put(device, "outbox", { v: 2, title: "Of a newer release" });
  await expect(one.signOut("refuse")).rejects.toThrow("1 changes");
  await one.signOut("discard");
  expect(JSON.stringify(await storedIn(device))).not.toContain("newer");
});

test("a database that something else deletes is no sign-out: what waits is stored again, and the rest is fetched", async () => {
  const device = deviceOf(newUser());
  const [one, two] = [device.open().store, device.open().store];
  await one.tasks.add({ title: "Milk" }).outcome;
  await Promise.all([one.sync(), two.sync()]);
  device.network.isDown = true;
  const waiting = [one.tasks.add({ title: "Bread" }), two.tasks.add({ title: "Eggs" })];
  for (const change of waiting) await change.stored;
  for (const store of [one, two]) await eventually(() => store.outbox.get().length === 2);
  const deleting = device.indexedDB.deleteDatabase((await device.indexedDB.databases())[0]?.name ?? "");
  await new Promise((resolve) => (deleting.onsuccess = resolve));
  await eventually(async () => JSON.stringify(await storedIn(device)).includes("Eggs"));
  expect(JSON.stringify(await storedIn(device))).not.toContain("Milk");
  device.network.isDown = false;
  await one.sync();
  for (const change of waiting) expect(await change.outcome).toBe("done");
  for (const { tasks } of [one, two]) await eventually(() => tasks.query().get().length === 3);
});

test("a tab that slept through the sign-out writes nothing any more, also after the next sign-in", async () => {
  const device = deviceOf(newUser());
  const deaf = { postMessage: () => undefined, onmessage: null, close: () => undefined };
  const sleeper = device.open({}, { channel: () => deaf, patience: 1_000_000 }).store;
  const store = device.open().store;
  await sleeper.sync();
  await store.signOut("refuse");
  const again = device.open().store;
  await again.sync();
  await expect(sleeper.tasks.add({ title: "Ghost" }).stored).rejects.toThrow();
  expect(sleeper.status.get().phase).toBe("signed-out");
  await again.sync();
  expect(again.tasks.query().get()).toEqual([]);
});

test("a tab that works in memory removes what is stored too, in every tab, and is signed out like them", async () => {
  const device = deviceOf(newUser());
  let isBroken = true;
  const open = (...how: Parameters<IDBFactory["open"]>): IDBOpenDBRequest => {
    if (isBroken) throw new DOMException("", "UnknownError");
    return device.indexedDB.open(...how);
  };
  const flaky: IDBFactory = Object.assign(Object.create(device.indexedDB), {
    open,
    deleteDatabase: (name: string) => device.indexedDB.deleteDatabase(name),
  });
  for (const who of ["in memory", "durable"]) {
    const durable = device.open().store;
    await durable.tasks.add({ title: "Milk" }).outcome;
    isBroken = true;
    const inMemory = device.open({}, { indexedDB: flaky }).store;
    await inMemory.sync();
    expect(inMemory.status.get().storage).toBe("memory");
    isBroken = false;
    device.network.isDown = true;
    await durable.tasks.add({ title: "Bread" }).stored;
    const [one, other] = who === "durable" ? [durable, inMemory] : [inMemory, durable];
    await expect(one.signOut("refuse")).rejects.toThrow("1 changes");
    await one.signOut("discard");
    await eventually(() => other.status.get().phase === "signed-out");
    expect(other.tasks.query().get()).toEqual([]);
    expect(JSON.stringify(await storedIn(device))).not.toMatch(/Milk|Bread/);
    device.network.isDown = false;
  }
});

test("without a channel, a tab learns of the sign-out too", async () => {
  const device = deviceOf(newUser());
  const [one, two] = [0, 1].map(() => device.open({}, { channel: () => undefined, patience: 300 }).store);
  await one?.tasks.add({ title: "Milk" }).outcome;
  await eventually(() => two?.tasks.query().get().length === 1);
  device.network.isDown = true;
  await one?.signOut("discard");
  await eventually(() => two?.status.get().phase === "signed-out");
  expect(two?.tasks.query().get()).toEqual([]);
});

test("without IndexedDB the store works in memory, and says so", async () => {
  const device = deviceOf(newUser());
  const broken = {
    open: () => {
      throw new DOMException("", "SecurityError");
    },
  };
  for (const indexedDB of [undefined, Object.assign(Object.create(device.indexedDB), broken)]) {
    const { store } = device.open({}, { indexedDB });
    await store.tasks.add({ title: "Milk" }).outcome;
    await store.sync();
    expect(store.status.get()).toMatchObject({ storage: "memory", phase: "live", leader: true });
    await store.close();
  }
});
