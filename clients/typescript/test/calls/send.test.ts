import { randomUUID } from "node:crypto";
import { getEventListeners } from "node:events";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type Calls, createCalls, isProblem, Unreachable } from "../../src/calls/index.ts";
import { newUser, tokenOf } from "../service.ts";
import * as faults from "./way.ts";
import { type Fault, Way } from "./way.ts";

const SILENCE_MS = 600;
const HTML = { "content-type": "text/html" };
const JSON_TYPE = { "content-type": "application/json" };

let way: Way;
let calls: Calls;
beforeEach(async () => {
  const user = newUser();
  way = await Way.open();
  calls = createCalls({ url: way.url, token: async () => tokenOf(user), silenceMs: SILENCE_MS });
});
afterEach(() => way[Symbol.asyncDispose]());

/** What was sent, and the error that came of it. */
async function failure(...coming: Fault[]): Promise<Unreachable> {
  way.next(...coming);
  const error = await calls.send({ method: "GET", path: "/tasks" }).catch((reason: unknown) => reason);
  if (!(error instanceof Unreachable)) throw error;
  return error;
}

describe("A request", () => {
  test("has the bytes and the key of the caller", async () => {
    const body = '{ "title":"Milk ☃" }';
    const write = { method: "POST", path: "/tasks", body, key: randomUUID() };
    const first = await calls.send(write);
    const second = await calls.send(write);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect([first, second].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
    expect(way.seen.map((seen) => seen.body)).toEqual([body, body]);
    expect(way.seen[0]?.path).toBe("/api/me/tasks");
    expect(way.seen[0]?.headers).toMatchObject({
      "idempotency-key": `"${write.key}"`,
      "content-type": "application/json",
    });
  });

  test("can have a key that must be quoted", async () => {
    const write = { method: "POST", path: "/tasks", body: '{"title": "Milk"}', key: 'a "key" \\ b' };
    expect((await calls.send(write)).status).toBe(201);
    expect((await calls.send(write)).headers.get("idempotency-replayed")).toBe("true");
    expect((await calls.send({ ...write, key: "a key  b" })).headers.get("idempotency-replayed")).toBeNull();
  });

  test("names the revision that it changes", async () => {
    await calls.send({ method: "POST", path: "/tasks", body: '{"title": "Milk", "uid": "1"}' });
    const { body } = await calls.api.get("/tasks");
    const [task] = body;
    const change = { method: "PATCH", path: `/tasks/${task?.id}`, body: '{"title": "Bread"}' };
    expect((await calls.send({ ...change, ifMatch: task?.revision })).status).toBe(200);
    const stale = await calls.send({ ...change, ifMatch: task?.revision });
    expect(stale.status).toBe(412);
    expect(stale.body).toMatchObject({ code: "stale", current: { title: "Bread" } });
  });

  test("is answered by an empty body", async () => {
    const { body } = await calls.api.post("/tasks", { body: { title: "Milk" } });
    const gone = await calls.send({ method: "DELETE", path: `/tasks/${body.id}` });
    expect([gone.status, gone.body]).toEqual([204, undefined]);
  });

  test("that is refused is answered", async () => {
    const { status, body } = await calls.send({ method: "GET", path: "/tasks/1" });
    expect([status, isProblem(body) && body.code]).toEqual([404, "task_not_found"]);
  });

  test("that the caller gives up ends with the caller's reason", async () => {
    const leaving = new AbortController();
    way.next(faults.stall);
    const sent = calls.send({ method: "GET", path: "/tasks", signal: leaving.signal });
    await vi.waitUntil(() => way.seen[0]);
    leaving.abort(new Error("I leave"));
    await expect(sent).rejects.toThrow("I leave");
    await way.seen[0]?.closed;
    await expect(calls.send({ method: "GET", path: "/tasks", signal: leaving.signal })).rejects.toThrow("I leave");
    expect(way.seen).toHaveLength(1);
  });

  test("leaves nothing behind at the caller's signal", async () => {
    const { signal } = new AbortController();
    way.next(faults.pass, faults.loseRequest);
    await calls.send({ method: "GET", path: "/tasks", signal });
    await expect(calls.send({ method: "GET", path: "/tasks", signal })).rejects.toThrow(Unreachable);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("goes where the address says, with a path of its own", async () => {
    const prefixed = createCalls({ url: `${way.url}/doable/`, token: async () => "x" });
    way.next(faults.answers(200, JSON_TYPE, "[]"));
    expect((await prefixed.send({ method: "GET", path: "/tasks" })).body).toEqual([]);
    expect(way.seen[0]?.path).toBe("/doable/api/me/tasks");
    expect(() => createCalls({ token: async () => "x" })).toThrow(TypeError);
  });

  test("goes through the caller's own fetch", async () => {
    const own = vi.fn(fetch);
    const user = newUser();
    const through = createCalls({ url: way.url, token: async () => tokenOf(user), fetch: own });
    expect((await through.send({ method: "GET", path: "" })).status).toBe(200);
    expect(own).toHaveBeenCalledOnce();
  });
});

describe("There is no final answer", () => {
  test.each<[string, Fault, number | undefined]>([
    ["when the request is lost", faults.loseRequest, undefined],
    ["when the answer is lost", faults.loseAnswer, undefined],
    ["when nothing comes", faults.stall, undefined],
    ["when the rest does not come", faults.halve("stall"), undefined],
    ["when the connection is cut", faults.halve("cut"), undefined],
    ["when half of a body without a length comes", faults.answers(200, JSON_TYPE, '[{"id": 1'), undefined],
    ["from a captive portal", faults.answers(200, HTML, "<h1>Welcome to our hotel</h1>"), 200],
    ["from a captive portal that says nothing", faults.answers(204, {}), 204],
    ["from a redirect", faults.answers(301, { location: "/elsewhere" }), 301],
    ["from a proxy without a service", faults.answers(502, HTML, "<h1>Bad Gateway</h1>"), 502],
    ["from a proxy that knows no such page", faults.answers(404, HTML, "<h1>Not Found</h1>"), 404],
    ["from a firewall", faults.answers(403, JSON_TYPE, '{"message": "Forbidden"}'), 403],
    [
      "from another service with problems",
      faults.answers(409, { "content-type": "application/problem+json" }, "{}"),
      409,
    ],
    [
      "from a service that says nothing",
      faults.answers(409, { "content-type": "application/problem+json" }, "null"),
      409,
    ],
    ["when the request came too slowly", faults.problem(408, "request_timeout"), 408],
    ["when there were too many", faults.problem(429, "rate_limited"), 429],
    ["after a mistake of the service", faults.problem(500, "internal_error"), 500],
    ["without a database", faults.problem(503, "unavailable"), 503],
    ["while the first request with the key runs", faults.problem(409, "request_in_progress"), 409],
  ])("%s", async (_, fault, status) => {
    expect((await failure(fault)).status).toBe(status);
    expect((await calls.send({ method: "GET", path: "/tasks" })).body).toEqual([]);
  });

  test("when a write is redirected to what can be read", async () => {
    way.next(faults.answers(301, { location: "/api/me/tasks" }));
    await expect(calls.send({ method: "POST", path: "/tasks", body: '{"title": "Milk"}' })).rejects.toThrow(
      Unreachable,
    );
    expect((await calls.api.get("/tasks")).body).toEqual([]);
  });

  test("but the problem is known", async () => {
    const error = await failure(faults.problem(503, "unavailable", { "retry-after": "7" }));
    expect([error.problem?.code, error.retryAfterMs]).toEqual(["unavailable", 7000]);
  });
});

test.each([
  ["120", 120_000],
  ["0", 0],
  ["", undefined],
  ["-1", undefined],
  ["soon", undefined],
  ["Sat, 21 Nov 2026 09:30:10 GMT", 10_000],
  ["Sat, 21 Nov 2026 09:29:00 GMT", undefined],
])("Retry-After: %s", async (value, wait) => {
  const date = "Sat, 21 Nov 2026 09:30:00 GMT";
  expect((await failure(faults.answers(503, { ...HTML, date, "retry-after": value }))).retryAfterMs).toBe(wait);
});

test("A body that comes slowly is not given up, also where a character is cut in two", async () => {
  way.next(async (response) => {
    response.writeHead(200, JSON_TYPE);
    for (const byte of Buffer.from('["☃"]')) {
      await faults.pause(SILENCE_MS / 5);
      response.write(Uint8Array.of(byte));
    }
    response.end();
  });
  expect((await calls.send({ method: "GET", path: "/tasks" })).body).toEqual(["☃"]);
});
