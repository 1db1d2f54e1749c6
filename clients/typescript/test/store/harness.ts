// Stores as tabs and devices, and a network between them and the service that does what networks do.

import { IDBFactory as FakeFactory } from "fake-indexeddb";
import { createCalls } from "../../src/calls/index.ts";
import { type Options, type Store, storeOf } from "../../src/store/index.ts";
import type { Row } from "../../src/store/json.ts";
import type { Channel, Platform } from "../../src/store/platform.ts";
import { AnyStore } from "../../src/store/store.ts";
import { tokenOf, url } from "../service.ts";

/** What happens to the requests of a device. Each function can answer for the service, or break the connection. */
export class Network {
  #down = false;
  #cut = new AbortController();
  /** Asked about each request, with what it would send. Null: it goes through. */
  fault: (request: Request, body: string) => Response | "lost" | "late" | null = () => null;
  /** Awaited before each request goes out. */
  before: (request: Request) => Promise<void> = async () => undefined;
  /** Awaited before each response comes back. */
  after: (request: Request, response: Response) => Promise<void> = async () => undefined;
  /** Counts how often the service has forgotten all keys, which it does after 24 hours. */
  forgotten = 0;
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly token: string;
    readonly key: string;
  }[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = await request.clone().text();
    const path = new URL(request.url).pathname.replace("/api/me", "");
    const token = request.headers.get("authorization")?.slice(7) ?? "";
    this.requests.push({
      method: request.method,
      path,
      body,
      token,
      key: request.headers.get("idempotency-key") ?? "",
    });
    const key = request.headers.get("idempotency-key");
    if (key !== null && this.forgotten)
      request.headers.set("idempotency-key", key.replace(/"$/, `-${this.forgotten}"`));
    await this.before(request);
    if (this.#down) throw new TypeError("The network is down");
    const fault = this.fault(request, body);
    if (fault instanceof Response) return fault;
    const response = await fetch(request, { signal: AbortSignal.any([request.signal, this.#cut.signal]) });
    await this.after(request, response);
    if (fault !== "lost" && fault !== "late") return response;
    await response.arrayBuffer();
    if (fault === "late") await fetch(input, init).then((again) => again.arrayBuffer());
    throw new TypeError("The connection was lost");
  };

  get isDown(): boolean {
    return this.#down;
  }

  set isDown(isDown: boolean) {
    this.#down = isDown;
    if (isDown) this.#cut.abort(new TypeError("The network is down"));
    else this.#cut = new AbortController();
  }

  get writes() {
    return this.requests.filter(({ method }) => method !== "GET");
  }
}

/** A browser profile: its tabs share a database. */
export class Device {
  readonly user: string;
  readonly network = new Network();
  readonly indexedDB: IDBFactory;
  private readonly tabs: Tab[] = [];

  constructor(user: string, indexedDB: IDBFactory = new FakeFactory()) {
    this.user = user;
    this.indexedDB = indexedDB;
  }

  open(options: Partial<Options> = {}, platform: Partial<Platform> = {}): Tab {
    const tab = new Tab(this, options, platform);
    this.tabs.push(tab);
    return tab;
  }

  async close(): Promise<void> {
    for (const tab of this.tabs) await tab.store.close();
  }
}

export class Tab {
  readonly store: Store;
  isVisible = true;
  wake: () => void = () => undefined;

  constructor({ user, network, indexedDB }: Device, options: Partial<Options>, platform: Partial<Platform>) {
    const own: Platform = {
      indexedDB,
      locks: undefined,
      channel: (name) => channel(name),
      isVisible: () => this.isVisible,
      onWake: (run) => ((this.wake = run), () => undefined),
      random: () => 0.01,
      patience: 1_000,
      ...platform,
    };
    const token = async (): Promise<string> => tokenOf(user);
    this.store = storeOf(new AnyStore({ user, url, token, fetch: network.fetch, ...options }, own));
  }
}

export function channel(name: string): Channel {
  return new BroadcastChannel(name);
}

/** Speaks to the other tabs, and hears nothing. */
export function mute(name: string): Channel {
  const real = channel(name);
  return { postMessage: (message) => real.postMessage(message), close: () => real.close(), onmessage: null };
}

/** What the service has, as another program sees it. */
export function service(user: string) {
  return createCalls({ url, token: async () => tokenOf(user) }).api;
}

/** The one bounded wait of these tests. */
export async function eventually(holds: () => unknown, seconds = 10): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It never came: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** All objects of a store, without what only the store says of them. */
export function shownBy({ tasks, lists, labels, filters }: Store): object {
  const plain = (items: readonly object[]): object =>
    byId(items.map((item) => ({ ...item, pending: undefined, conflict: undefined })));
  return {
    tasks: plain(tasks.query().get()),
    lists: plain(lists.query().get()),
    labels: plain(labels.query().get()),
    filters: plain(filters.query().get()),
  };
}

/** All objects of the service, as the store shows them. */
export async function heldBy(user: string): Promise<object> {
  const api = service(user);
  const named = (rows: readonly { id: number; uid?: string }[]): object[] =>
    rows.map((row) => ({ ...row, uid: row.uid ?? `id:${row.id}` }));
  const [tasks, lists, labels, filters] = await Promise.all([
    api.get("/tasks"),
    api.get("/lists"),
    api.get("/labels"),
    api.get("/filters"),
  ]);
  return {
    tasks: byId(named(tasks.body)),
    lists: byId(named(lists.body)),
    labels: byId(named(labels.body)),
    filters: byId(named(filters.body)),
  };
}

function byId(rows: readonly object[]): object {
  const named = rows.map((row) => ["id" in row ? String(row.id) : JSON.stringify(row), row] as const);
  return JSON.parse(JSON.stringify(Object.fromEntries(named.sort(([one], [other]) => (one < other ? -1 : 1)))));
}

/** A task as the service sends it. */
export function taskRow(id: number, more: object = {}): Row {
  return {
    id,
    title: `Task ${id}`,
    description: null,
    status: "incomplete",
    position: `a${id}`,
    revision: id,
    ...more,
  };
}

export function titlesOf({ tasks }: Store): string[] {
  const shown = tasks.query().get();
  return shown.map(({ title }) => title);
}
