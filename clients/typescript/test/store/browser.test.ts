// The store in a real browser: its IndexedDB, its locks, its tabs.

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as Client from "../../src/store/index.ts";
import { eventually, service } from "./harness.ts";
import { add, Chromium, isMissing, leads, type Pages, titles } from "./pages.ts";

declare const store: Client.Store;

describe.skipIf(isMissing)("in a browser", () => {
  let chromium: Chromium;
  let pages: Pages;
  beforeAll(async () => void (chromium = await Chromium.launch()));
  afterAll(() => chromium?.close());
  beforeEach(async () => void (pages = await chromium.pages()));
  afterEach(() => pages.context.close());
  const open = (host?: string): Promise<Page> => pages.open(host);

  test("a reload keeps the outbox", async () => {
    const page = await open();
    await page.evaluate(() => store.sync());
    await pages.context.setOffline(true);
    await add(page, "Milk");
    await pages.cutOff();
    await pages.context.setOffline(false);
    await page.reload();
    await pages.start(page);
    await eventually(async () => (await titles(page)).includes("Milk"));
    expect(await page.evaluate(() => store.outbox.get().length)).toBe(1);
    await pages.context.unrouteAll();
    await page.evaluate(() => store.sync());
    expect((await service(pages.user).get("/tasks")).body.map(({ title }) => title)).toEqual(["Milk"]);
    expect(await page.evaluate(() => store.status.get().storage)).toBe("durable");
  });

  test("every tab learns within seconds that the network is gone, also while there is nothing to send", async () => {
    const [one, two] = [await open(), await open()];
    const phase = (page: Page): Promise<string> => page.evaluate(() => store.status.get().phase);
    for (const page of [one, two]) await eventually(async () => (await phase(page)) === "live");
    await pages.context.setOffline(true);
    for (const page of [one, two]) await eventually(async () => (await phase(page)) === "offline");
    await pages.context.setOffline(false);
    for (const page of [one, two]) await eventually(async () => (await phase(page)) === "live");
  });

  test("two tabs show the same, one of them leads, and the other one when that is closed", async () => {
    const one = await open();
    await eventually(() => leads(one));
    const two = await open();
    await add(two, "Milk");
    await eventually(async () => (await titles(one)).length === 1);
    await service(pages.user).post("/tasks", { body: { title: "Bread" } });
    for (const page of [one, two]) await eventually(async () => (await titles(page)).length === 2);
    expect(await leads(two)).toBe(false);
    await one.close();
    await eventually(() => leads(two));
    await service(pages.user).post("/tasks", { body: { title: "Eggs" } });
    await eventually(async () => (await titles(two)).length === 3);
  });

  test("another tab takes over from a frozen one, which keeps its lock", async () => {
    const one = await open();
    await eventually(() => leads(one));
    const two = await open();
    const session = await pages.context.newCDPSession(one);
    await session.send("Debugger.enable");
    await session.send("Debugger.pause");
    void one.evaluate(() => 1).catch(() => undefined); // The pause begins with the next code that runs.
    await two.bringToFront();
    await eventually(() => leads(two), 25);
    await service(pages.user).post("/tasks", { body: { title: "Milk" } });
    await eventually(async () => (await titles(two)).length === 1);
    await session.send("Debugger.resume");
    await eventually(async () => !(await leads(one)) && (await titles(one)).length === 1);
  });

  test("over plain http, without locks and randomUUID, tabs show the same too", async () => {
    const one = await open("plain.test");
    expect(await one.evaluate(() => [isSecureContext, "locks" in navigator, "randomUUID" in crypto])).toEqual([
      false,
      false,
      false,
    ]);
    await eventually(() => leads(one));
    const two = await open("plain.test");
    await add(two, "Milk");
    await eventually(async () => (await service(pages.user).get("/tasks")).body.length === 1);
    await service(pages.user).post("/tasks", { body: { title: "Bread" } });
    for (const page of [one, two]) await eventually(async () => (await titles(page)).length === 2);
    await one.close();
    await eventually(() => leads(two), 25);
  });

  test("signing out in one tab removes the database of all", async () => {
    const [one, two] = [await open(), await open()];
    await add(one, "Milk");
    await one.evaluate(() => store.sync());
    await one.evaluate(() => store.signOut("refuse"));
    await eventually(async () => (await two.evaluate(() => store.status.get().phase)) === "signed-out");
    expect(await titles(two)).toEqual([]);
    await eventually(() => two.evaluate(async () => (await indexedDB.databases()).length === 0));
  });
});
