// A tab can end before or after any of its transactions: nothing is lost, and nothing happens twice.

import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import { IndexedDBStorage } from "../../src/store/indexeddb.ts";
import type { Storage } from "../../src/store/index.ts";
import { newUser, rounds } from "../service.ts";
import { Device, eventually, heldBy, service, shownBy } from "./harness.ts";

const never = new Promise<never>(() => undefined);

/** Ends with its tab at the transaction number `at`: before it, or after it. */
class Mortal implements Storage {
  count = 0;
  isDead = false;
  private readonly inner: Storage;
  private readonly at: number;
  private readonly when: "before" | "after";

  constructor(inner: Storage, at: number, when: "before" | "after") {
    this.inner = inner;
    this.at = at;
    this.when = when;
  }

  async run<T>(...[mode, work]: Parameters<Storage["run"]>): Promise<T> {
    const isLast = mode === "write" && ++this.count === this.at;
    if (this.isDead || (isLast && this.when === "before")) return this.die();
    const result = await this.inner.run(mode, work);
    if (this.isDead || isLast) return this.die();
    return result as T;
  }

  destroy(): Promise<void> {
    return this.inner.destroy();
  }

  close(): void {
    this.inner.close();
  }

  private die(): Promise<never> {
    this.isDead = true;
    return never;
  }
}

async function live(at: number, when: "before" | "after"): Promise<number> {
  const device = new Device(newUser());
  const database = new IDBFactory();
  const stored = new Set<string>();
  const mortal = new Mortal(new IndexedDBStorage(database, "test"), at, when);
  const { store } = device.open({ storage: mortal });
  device.network.before = async () => (mortal.isDead ? never : undefined);
  let isDone = false;
  const keep = (title: string, change: { readonly stored: Promise<void> }): void =>
    void change.stored.then(() => stored.add(title));
  const script = async (): Promise<void> => {
    const list = store.lists.add({ name: "Home" });
    const milk = store.tasks.add({ title: "Milk", list_id: list.uid });
    keep("Milk", milk);
    await store.sync();
    store.tasks.update(milk.uid, { title: "Oat milk" });
    const bread = store.tasks.add({ title: "Bread" });
    keep("Bread", bread);
    await service(device.user).post("/tasks", { body: { title: "Eggs" } });
    store.tasks.complete(milk.uid);
    const refused = store.tasks.update(bread.uid, { due: { date: "no date" } });
    await refused.stored;
    await store.sync();
    await store.conflicts.get()[0]?.keepTheirs();
    isDone = true;
  };
  script().catch(() => undefined); // It ends with its tab.
  await eventually(() => isDone || mortal.isDead);
  void store.close(); // A dead tab does not answer.
  device.network.before = async () => undefined;
  const again = device.open({ storage: new IndexedDBStorage(database, "test") }).store;
  await again.sync();
  expect(shownBy(again)).toEqual(await heldBy(device.user));
  const titles = (await service(device.user).get("/tasks")).body.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  for (const title of stored)
    expect(
      titles.some((one) => one.toLowerCase().includes(title.toLowerCase())),
      title,
    ).toBe(true);
  expect(again.outbox.get()).toEqual([]);
  await again.close();
  return mortal.count;
}

test.each(["before", "after"] as const)(
  "a tab that ends %s any transaction loses nothing, and repeats nothing",
  async (when) => {
    const count = await live(Infinity, when);
    expect(count).toBeGreaterThan(15);
    for (let at = 1; at <= count; at += rounds(3, 1)) await live(at, when);
  },
);
