import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type Calls, type Change, createCalls, CursorExpired, Refused, Unreachable } from "../../src/calls/index.ts";
import { newUser, rounds, tokenOf } from "../service.ts";
import * as faults from "./way.ts";
import { type Fault, Way } from "./way.ts";

const SILENCE_MS = 600;

let way: Way;
let user: string;
let calls: Calls;
beforeEach(async () => {
  way = await Way.open();
  user = newUser();
  calls = createCalls({ url: way.url, token: async () => tokenOf(user) });
});
afterEach(() => way[Symbol.asyncDispose]());

async function cursor(): Promise<string> {
  return (await calls.api.get("/sync")).body.cursor;
}

async function changes(from: string | undefined, count: number): Promise<Change[]> {
  const found: Change[] = [];
  for await (const one of calls.events(from, AbortSignal.timeout(10_000))) {
    if (one !== "heartbeat" && found.push(one) === count) break;
  }
  return found;
}

/** What came, and the error at the end. */
async function end(
  impatient: Calls = calls,
  signal = AbortSignal.timeout(10_000),
  from?: string,
): Promise<[unknown[], unknown]> {
  const came: unknown[] = [];
  try {
    for await (const one of impatient.events(from, signal)) came.push(one);
  } catch (error) {
    return [came, error];
  }
  throw new Error("The stream ended well");
}

describe("The stream", () => {
  test("gives every change since the cursor, each with the cursor to go on from", async () => {
    const start = await cursor();
    const { body: task } = await calls.api.post("/tasks", { body: { title: "Milk" } });
    await calls.api.patch("/tasks/{id}/complete", { path: { id: task.id } });
    await calls.api.patch("", { body: { week_start: "sunday" } });
    await calls.api.post("/lists", { body: { name: "Home" } });

    const found = await changes(start, 4);
    expect(found).toMatchObject([
      { revision: task.revision, type: "task", id: task.id, kind: "created", actor: user },
      { type: "task", kind: "completed" },
      { type: "user", id: user, kind: "updated" },
      { type: "list", kind: "created" },
    ]);
    expect(await changes(found[0]?.cursor, 3)).toEqual(found.slice(1));
  });

  test("is open when the first heartbeat comes, and live from then on", async () => {
    const kinds: string[] = [];
    for await (const one of calls.events(undefined, AbortSignal.timeout(10_000))) {
      if (one === "heartbeat") void calls.api.post("/tasks", { body: { title: "Milk" } });
      else if (kinds.push(one.kind)) break;
    }
    expect(kinds).toEqual(["created"]);
  });

  test.runIf(rounds(0, 1))("stays open when nothing changes", async () => {
    const started = performance.now();
    const kinds: string[] = [];
    for await (const one of calls.events(undefined, AbortSignal.timeout(55_000))) {
      if (one !== "heartbeat" && kinds.push(one.kind)) break;
      if (performance.now() - started > 40_000) void calls.api.post("/tasks", { body: { title: "Milk" } });
    }
    expect([kinds, way.seen.filter(({ path }) => path.endsWith("/events")).length]).toEqual([["created"], 1]);
  });

  test("renews a token that was refused", async () => {
    const asked: string[] = [];
    const token = async (why: string) => (asked.push(why) === 1 ? "nonsense" : tokenOf(user));
    for await (const one of createCalls({ url: way.url, token }).events(undefined, AbortSignal.timeout(10_000))) {
      expect(one).toBe("heartbeat");
      break;
    }
    expect(asked).toEqual(["start", "refused"]);
  });

  test("is closed when the caller leaves", async () => {
    for await (const _ of calls.events(undefined, new AbortController().signal)) break;
    await way.seen[0]?.closed;
  });

  test("is closed when the caller's signal says so", async () => {
    const leaving = new AbortController();
    const ended = end(calls, leaving.signal);
    await vi.waitUntil(() => way.seen[0]);
    leaving.abort(new Error("I leave"));
    expect((await ended)[1]).toBe(leaving.signal.reason);
    await way.seen[0]?.closed;
  });

  test("ends when the token does, after the time that the service gives", async () => {
    const brief = createCalls({ url: way.url, token: async () => tokenOf(user, 1) });
    const [came, error] = await end(brief);
    expect(came[0]).toBe("heartbeat");
    expect(error).toMatchObject({ name: "Unreachable", message: "The event stream ended" });
    expect(error).toHaveProperty(
      "retryAfterMs",
      expect.toSatisfy((ms: number) => ms >= 1000 && ms < 2000),
    );
  });
});

describe("A cursor", () => {
  test("that expired has an error of its own", async () => {
    await calls.api.post("/tasks", { body: { title: "Milk" } });
    const old = await cursor();
    await calls.api.delete("");
    const fresh = createCalls({ url: way.url, token: async () => tokenOf(user, 3601) });
    await vi.waitUntil(() => fresh.api.post("/tasks", { body: { title: "Bread" } }).catch(() => undefined), 5000);
    const [came, error] = await end(fresh, undefined, old);
    expect(came).toEqual([]);
    expect(error).toBeInstanceOf(CursorExpired);
    expect(error).toMatchObject({ problem: { status: 410, code: "cursor_expired" } });
  });

  test("that is no cursor is refused", async () => {
    const [, error] = await end(calls, undefined, "nonsense");
    expect(error).toBeInstanceOf(Refused);
    expect(error).not.toBeInstanceOf(CursorExpired);
    expect(error).toMatchObject({ problem: { errors: [{ code: "invalid_cursor" }] } });
  });
});

describe("A stream that breaks", () => {
  const impatient = () => createCalls({ url: way.url, token: async () => tokenOf(user), silenceMs: SILENCE_MS });

  test("is given up when it is silent, and not while there are heartbeats", async () => {
    way.next(faults.streams(SILENCE_MS / 4, ":\n", "\n:\n\n", ":\n\n", ":\n\n", ":\n\n"));
    const started = performance.now();
    const [came, error] = await end(impatient());
    expect(performance.now() - started).toBeGreaterThan(SILENCE_MS * 2);
    expect(came).toEqual(Array(6).fill("heartbeat"));
    expect(error).toMatchObject({ name: "Unreachable", cause: { name: "TimeoutError" } });
    await way.seen[0]?.closed;
  });

  test("waits for a caller who is slow", async () => {
    way.next(faults.streams(0, ":\n\n"));
    let count = 0;
    for await (const _ of impatient().events(undefined, AbortSignal.timeout(10_000))) {
      if (++count === 2) break;
      await faults.pause(SILENCE_MS * 1.5);
    }
    expect(count).toBe(2);
  });

  test("keeps the time to wait", async () => {
    way.next((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("retry: 1234\n\n", () => setTimeout(() => response.destroy(), 50));
    });
    const [came, error] = await end();
    expect(came).toEqual(["heartbeat"]);
    expect(error).toMatchObject({ name: "Unreachable", retryAfterMs: 1234 });
  });

  test.each<[string, Fault]>([
    ["no connection", faults.loseRequest],
    ["a captive portal", faults.answers(200, { "content-type": "text/html" }, "<h1>Welcome</h1>")],
    ["a proxy", faults.answers(503, { "content-type": "text/event-stream" }, ":\n\n")],
    ["another service", faults.answers(200, { "content-type": "application/json" }, "{}")],
    ["a service that stops", faults.problem(503, "unavailable", { "retry-after": "3" })],
    ["a response that never comes", faults.stall],
  ])("%s", async (_, fault) => {
    way.next(fault);
    const [came, error] = await end(impatient());
    expect(came).toEqual([]);
    expect(error).toBeInstanceOf(Unreachable);
  });

  test.each(["event: change\ndata: {\n\n", "event: change\ndata: {}\n\n", "event: change\ndata: null\n\n"])(
    "%j",
    async (block) => {
      way.next(faults.streams(0, block));
      const [came, error] = await end();
      expect(came).toEqual(["heartbeat"]);
      expect(error).toBeInstanceOf(Unreachable);
    },
  );

  test("has events that later versions add", async () => {
    const later = { revision: 1, type: "comment", id: 7, kind: "liked", actor: "a", more: true };
    way.next(faults.streams(0, `event: other\ndata: ?\n\nid: c\nevent: change\ndata: ${JSON.stringify(later)}\n\n`));
    const [came] = await end(impatient());
    expect(came).toEqual(["heartbeat", { ...later, cursor: "c" }]);
  });
});
