import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type * as Client from "../../src/calls/index.ts";
import { newUser, tokenOf, url } from "../service.ts";
import * as faults from "./way.ts";
import { Way } from "./way.ts";

declare const client: typeof Client;

const executablePath = spawnSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).stdout.trim();
const isMissing = executablePath === "" && !process.env["CI"];

describe.skipIf(isMissing)("In a browser", () => {
  let browser: Browser;
  let code: string;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"],
    });
    const entry = fileURLToPath(new URL("../../src/calls/index.ts", import.meta.url));
    const bundle = await build({
      entryPoints: [entry],
      bundle: true,
      format: "iife",
      globalName: "client",
      write: false,
    });
    code = bundle.outputFiles[0]?.text ?? "";
  });
  afterAll(() => browser?.close());

  async function open(origin: string): Promise<Page> {
    const page = await browser.newPage();
    await page.route(`${origin}/`, (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto(`${origin}/`);
    await page.unrouteAll(); // Routes turn the browser's cache off.
    await page.addScriptTag({ content: code });
    return page;
  }

  test("a page of another origin calls, and follows changes", async () => {
    const page = await open("http://localhost:3000");
    const found = await page.evaluate(
      async ({ url, token }) => {
        const { api, events, send } = client.createCalls({
          url,
          token: async (why) => (why === "start" ? "nonsense" : token),
        });
        const write = { method: "POST", path: "/tasks", body: '{"title": "Milk"}', key: "k" };
        await send(write);
        const replayed = (await send(write)).headers.get("idempotency-replayed");
        const { cursor } = (await api.get("/sync")).body;
        for await (const change of events(cursor, AbortSignal.timeout(10_000))) {
          if (change !== "heartbeat") return [replayed, change.kind];
          await api.patch("/tasks/{id}/complete", { path: { id: (await api.get("/tasks")).body[0]?.id ?? 0 } });
        }
        return [];
      },
      { url, token: tokenOf(newUser()) },
    );
    expect(found).toEqual(["true", "completed"]);
  });

  test("a page of the service's origin needs no address, and follows no redirect", async () => {
    await using way = await Way.open();
    const page = await open(way.url);
    way.next(faults.pass, faults.answers(301, { location: "/api/me/tasks" }), faults.halve("cut"), faults.stall);
    const found = await page.evaluate(async (token) => {
      const { send } = client.createCalls({ token: async () => token, silenceMs: 500 });
      const post = () => send({ method: "POST", path: "/tasks", body: '{"title": "Milk"}' });
      const names: unknown[] = [(await post()).status];
      for (let count = 0; count < 3; count++) names.push(await post().catch((error: Error) => error.name));
      return names;
    }, tokenOf(newUser()));
    expect(found).toEqual([201, "Unreachable", "Unreachable", "Unreachable"]);
  });

  test("a write takes effect once, although the browser repeats it when its connection breaks", async () => {
    await using way = await Way.open();
    const page = await open(way.url);
    way.next(faults.pass, faults.loseAnswer);
    const count = await page.evaluate(async (token) => {
      const { api, send } = client.createCalls({ token: async () => token });
      await api.get("/tasks");
      const write = () => send({ method: "POST", path: "/tasks", body: '{"title": "Milk"}', key: "k" });
      await write().catch(write);
      return (await api.get("/tasks")).body.length;
    }, tokenOf(newUser()));
    expect([way.seen.filter(({ method }) => method === "POST").length, count]).toEqual([2, 1]);
  });

  test("an old answer in the browser's cache is no answer", async () => {
    await using way = await Way.open();
    const page = await open(way.url);
    const cached = { "content-type": "application/json", "cache-control": "max-age=1000" };
    way.next(faults.answers(200, cached, '["old"]'), faults.answers(200, cached, '["new"]'));
    const bodies = await page.evaluate(async () => {
      const { send } = client.createCalls({ token: async () => "a token" });
      const get = async () => (await send({ method: "GET", path: "/labels" })).body;
      return [await get(), await get()];
    });
    expect(bodies).toEqual([["old"], ["new"]]);
  });
});
