// Storage that a real browser takes away: no room, a dead connection, a deleted database, a newer release.

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as Client from "../../src/store/index.ts";
import { eventually, service } from "./harness.ts";
import { add, Chromium, isMissing, type Pages, titles } from "./pages.ts";

declare const store: Client.Store;

/** Takes all the room that the browser gives to this origin. */
async function fill(): Promise<void> {
  const opening = indexedDB.open("filler");
  opening.onupgradeneeded = () => opening.result.createObjectStore("filler", { autoIncrement: true });
  await new Promise((resolve) => (opening.onsuccess = resolve));
  for (let size = 100_000; size > 50;) {
    const transaction = opening.result.transaction("filler", "readwrite");
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
    transaction.objectStore("filler").add(bytes);
    const isStored = await new Promise((resolve) => {
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
    });
    if (!isStored) size /= 2;
  }
}

describe.skipIf(isMissing)("in a browser", () => {
  let chromium: Chromium;
  let pages: Pages;
  beforeAll(async () => void (chromium = await Chromium.launch()));
  afterAll(() => chromium?.close());
  beforeEach(async () => void (pages = await chromium.pages()));
  afterEach(() => pages.context.close());

  const status = (page: Page): Promise<Client.Status> => page.evaluate(() => store.status.get());
  const outbox = (page: Page): Promise<number> => page.evaluate(() => store.outbox.get().length);
  const atService = async (): Promise<string[]> =>
    (await service(pages.user).get("/tasks")).body.map(({ title }) => title).sort();
  const refused = (page: Page, title: string): Promise<string> =>
    page.evaluate(
      (title) =>
        store.tasks.add({ title }).stored.then(
          () => "stored",
          (error: Error) => error.name,
        ),
      title,
    );

  /** A page with a write that can't be sent. */
  async function offline(page: Page, title: string): Promise<void> {
    await page.evaluate(() => store.sync());
    await pages.cutOff();
    // The tabs try now, and fail.
    for (const one of pages.context.pages()) await one.evaluate(() => dispatchEvent(new Event("online")));
    await eventually(async () => (await status(page)).phase === "offline");
    await add(page, title);
  }

  test("a device without room says so, keeps what it has acknowledged, and goes on when there is room", async () => {
    const origin = chromium.origin();
    const page = await pages.context.newPage();
    const cdp = await pages.context.newCDPSession(page);
    await cdp.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 3_000_000 });
    await page.goto(origin);
    await pages.start(page);
    await offline(page, "Milk");
    await page.evaluate(fill);
    expect(await refused(page, "Bread")).toBe("QuotaExceededError");
    expect(await status(page)).toMatchObject({ storage: "full", waiting: 1 });
    expect(await titles(page)).toEqual(["Milk"]);
    await page.reload();
    await pages.start(page);
    await eventually(async () => (await outbox(page)) === 1);
    expect((await status(page)).storage).toBe("durable");
    expect(await refused(page, "Eggs")).toBe("QuotaExceededError");
    await pages.context.unrouteAll();
    await cdp.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 30_000_000 });
    await add(page, "Tea");
    await page.evaluate(() => store.sync());
    expect(await status(page)).toMatchObject({ storage: "durable", phase: "live", waiting: 0 });
    expect(await atService()).toEqual(["Milk", "Tea"]);
  });

  test("a connection that the browser ends is opened again, and what waits is stored again if it went too", async () => {
    const [one, two] = [await pages.open(), await pages.open()];
    await offline(two, "Milk");
    await add(one, "Bread");
    const cdp = await pages.context.newCDPSession(one);
    const clearing = cdp.send("Storage.clearDataForOrigin", { origin: chromium.origin(), storageTypes: "indexeddb" });
    await add(one, "Eggs"); // In the middle of it.
    await clearing;
    await two.close();
    for (let round = 0; round < 2; round++) {
      await eventually(async () => (await outbox(one)) === 3);
      expect((await status(one)).storage).toBe("durable");
      await one.reload();
      await pages.start(one);
    }
    await pages.context.unrouteAll();
    await one.evaluate(() => store.sync());
    expect(await titles(one)).toEqual(["Milk", "Bread", "Eggs"]);
    expect(await atService()).toEqual(["Bread", "Eggs", "Milk"]);
  });

  test("a database that another tab deletes comes back with what waits", async () => {
    const page = await pages.open();
    await offline(page, "Milk");
    const other = await pages.context.newPage();
    await other.goto(chromium.origin());
    await other.evaluate(async () => {
      const [{ name = "" } = {}] = await indexedDB.databases();
      const request = indexedDB.deleteDatabase(name);
      await new Promise((resolve) => (request.onsuccess = resolve));
    });
    await eventually(async () => (await page.evaluate(async () => (await indexedDB.databases()).length)) === 1);
    await page.reload();
    await pages.start(page);
    await eventually(async () => (await titles(page)).length === 1);
    await pages.context.unrouteAll();
    await page.evaluate(() => store.sync());
    expect(await atService()).toEqual(["Milk"]);
  });

  test("an old tab lets a newer release take the database, and says that it has to be loaded again", async () => {
    const page = await pages.open();
    await offline(page, "Milk");
    const other = await pages.context.newPage();
    await other.goto(chromium.origin());
    const kept = await other.evaluate(async () => {
      const [{ name = "" } = {}] = await indexedDB.databases();
      const request = indexedDB.open(name, 1000);
      await new Promise((resolve) => (request.onsuccess = resolve));
      const all = request.result.transaction("outbox").objectStore("outbox").count();
      return new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
    });
    expect(kept).toBe(1);
    await eventually(async () => (await status(page)).phase === "outdated");
    expect(await refused(page, "Bread")).toBe("Outdated");
    expect(await titles(page)).toEqual(["Milk"]);
  });
});
