// Pages of a real browser, each with the store of one user.

import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type * as Client from "../../src/store/index.ts";
import type * as Platform from "../../src/store/platform.ts";
import type * as Any from "../../src/store/store.ts";
import { newUser, tokenOf, url } from "../service.ts";

declare const client: typeof Client & typeof Platform & typeof Any;
declare const store: Client.Store;

const executablePath = spawnSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).stdout.trim();
export const isMissing = executablePath === "" && !process.env["CI"];

export class Pages {
  readonly context: BrowserContext;
  readonly user = newUser();
  private readonly browser: Chromium;

  constructor(browser: Chromium, context: BrowserContext) {
    this.browser = browser;
    this.context = context;
  }

  async open(host = "localhost"): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.browser.origin(host));
    await this.start(page);
    return page;
  }

  async start(page: Page): Promise<void> {
    await page.addScriptTag({ content: this.browser.code });
    await page.evaluate(
      ({ url, user, token }) => {
        const platform = { ...client.ownPlatform(), patience: 800 };
        Object.assign(globalThis, {
          store: client.storeOf(new client.AnyStore({ url, user, token: async () => token }, platform)),
        });
      },
      { url, user: this.user, token: tokenOf(this.user) },
    );
  }

  /** Without the network, but with the pages. */
  async cutOff(): Promise<void> {
    await this.context.route(`${url}/**`, (route) => route.abort());
  }
}

export class Chromium {
  readonly code: string;
  private readonly browser: Browser;
  private readonly server: Server;

  private constructor(code: string, browser: Browser, server: Server) {
    this.code = code;
    this.browser = browser;
    this.server = server;
  }

  static async launch(): Promise<Chromium> {
    const resolveDir = fileURLToPath(new URL("../../src/store", import.meta.url));
    const contents = ["index", "platform", "store"].map((name) => `export * from "./${name}.ts";`).join("");
    const bundle = await build({
      stdin: { contents, resolveDir, loader: "ts" },
      bundle: true,
      format: "iife",
      globalName: "client",
      write: false,
    });
    const server = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end("<link rel=icon href=data:,>"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const args = [
      "--no-sandbox",
      "--disable-web-security",
      "--disable-features=LocalNetworkAccessChecks",
      "--host-resolver-rules=MAP plain.test 127.0.0.1",
    ];
    const browser = await chromium.launch({ executablePath, args });
    return new Chromium(bundle.outputFiles[0]?.text ?? "", browser, server);
  }

  origin(host = "localhost"): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  async pages(): Promise<Pages> {
    return new Pages(this, await this.browser.newContext());
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

export function titles(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    store.tasks
      .query()
      .get()
      .map(({ title }) => title),
  );
}

export function add(page: Page, title: string): Promise<void> {
  return page.evaluate((title) => store.tasks.add({ title }).stored, title);
}

export function leads(page: Page): Promise<boolean> {
  return page.evaluate(() => store.status.get().leader);
}
