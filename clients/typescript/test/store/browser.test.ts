// The store in a real browser: its IndexedDB, its locks, its tabs.

import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as Client from "../../src/store/index.ts";
import type * as Platform from "../../src/store/platform.ts";
import type * as Any from "../../src/store/store.ts";
import { newUser, tokenOf, url } from "../service.ts";
import { eventually, service } from "./harness.ts";

declare const client: typeof Client & typeof Platform & typeof Any;
declare const store: Client.Store;

const executablePath = spawnSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).stdout.trim();
const isMissing = executablePath === "" && !process.env["CI"];

describe.skipIf(isMissing)("in a browser", () => {
  let browser: Browser;
  let server: Server;
  let code: string;
  let context: BrowserContext;
  let user: string;

  beforeAll(async () => {
    const resolveDir = fileURLToPath(new URL("../../src/store", import.meta.url));
    const contents = ["index", "platform", "store"].map((name) => `export * from "./${name}.ts";`).join("");
    const bundle = await build({
      stdin: { contents, resolveDir, loader: "ts" },
      bundle: true,
      format: "iife",
      globalName: "client",
      write: false,
    });
    code = bundle.outputFiles[0]?.text ?? "";
    server = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end("<link rel=icon href=data:,>"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const args = [
      "--no-sandbox",
      "--disable-web-security",
      "--disable-features=LocalNetworkAccessChecks",
      "--host-resolver-rules=MAP plain.test 127.0.0.1",
    ];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    user = newUser();
  });
  afterEach(() => context.close());

  async function open(host = "localhost"): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
    await start(page);
    return page;
  }

  async function start(page: Page): Promise<void> {
    await page.addScriptTag({ content: code });
    await page.evaluate(
      ({ url, user, token }) => {
        const platform = { ...client.ownPlatform(), patience: 800 };
        Object.assign(globalThis, {
          store: client.storeOf(new client.AnyStore({ url, user, token: async () => token }, platform)),
        });
      },
      { url, user, token: tokenOf(user) },
    );
  }

  const titles = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      store.tasks
        .query()
        .get()
        .map(({ title }) => title),
    );
  const add = (page: Page, title: string): Promise<void> =>
    page.evaluate((title) => store.tasks.add({ title }).stored, title);
  const leads = (page: Page): Promise<boolean> => page.evaluate(() => store.status.get().leader);

  test("a reload keeps the outbox", async () => {
    const page = await open();
    await page.evaluate(() => store.sync());
    await context.setOffline(true);
    await add(page, "Milk");
    await page.route(`${url}/**`, (route) => route.abort());
    await context.setOffline(false);
    await page.reload();
    await start(page);
    await eventually(async () => (await titles(page)).includes("Milk"));
    expect(await page.evaluate(() => store.outbox.get().length)).toBe(1);
    await page.unrouteAll();
    await page.evaluate(() => store.sync());
    expect((await service(user).get("/tasks")).body.map(({ title }) => title)).toEqual(["Milk"]);
    expect(await page.evaluate(() => store.status.get().storage)).toBe("durable");
  });

  test("every tab learns within seconds that the network is gone, also while there is nothing to send", async () => {
    const [one, two] = [await open(), await open()];
    const phase = (page: Page): Promise<string> => page.evaluate(() => store.status.get().phase);
    for (const page of [one, two]) await eventually(async () => (await phase(page)) === "live");
    await context.setOffline(true);
    for (const page of [one, two]) await eventually(async () => (await phase(page)) === "offline");
    await context.setOffline(false);
    for (const page of [one, two]) await eventually(async () => (await phase(page)) === "live");
  });

  test("two tabs show the same, one of them leads, and the other one when that is closed", async () => {
    const one = await open();
    await eventually(() => leads(one));
    const two = await open();
    await add(two, "Milk");
    await eventually(async () => (await titles(one)).length === 1);
    await service(user).post("/tasks", { body: { title: "Bread" } });
    for (const page of [one, two]) await eventually(async () => (await titles(page)).length === 2);
    expect(await leads(two)).toBe(false);
    await one.close();
    await eventually(() => leads(two));
    await service(user).post("/tasks", { body: { title: "Eggs" } });
    await eventually(async () => (await titles(two)).length === 3);
  });

  test("another tab takes over from a frozen one, which keeps its lock", async () => {
    const one = await open();
    await eventually(() => leads(one));
    const two = await open();
    const session = await context.newCDPSession(one);
    await session.send("Debugger.enable");
    await session.send("Debugger.pause");
    void one.evaluate(() => 1).catch(() => undefined); // The pause begins with the next code that runs.
    await two.bringToFront();
    await eventually(() => leads(two), 25);
    await service(user).post("/tasks", { body: { title: "Milk" } });
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
    await eventually(async () => (await service(user).get("/tasks")).body.length === 1);
    await service(user).post("/tasks", { body: { title: "Bread" } });
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
