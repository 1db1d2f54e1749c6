import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test, vi } from "vitest";

import { type Answer, Backoff, createCalls, Unreachable } from "../../src/calls/index.ts";
import { newUser, tokenOf, url } from "../service.ts";
import * as faults from "./way.ts";
import { Way } from "./way.ts";

const user = newUser();
const { api, events } = createCalls({ url, token: async () => tokenOf(user) });

/** The blocks of code in the part about calls, without the lines that import. */
function blocks(): string[] {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const part = readme.slice(readme.indexOf("\n## Calls\n")).split("\n## ")[1] ?? "";
  return [...part.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code.replace(/^import .*\n\n/, ""));
}

test("The examples of the README are those of this file", () => {
  const here = readFileSync(new URL(import.meta.url), "utf8").replace(/^ +/gm, "");
  expect(blocks()).toHaveLength(4);
  for (const block of blocks()) expect(here).toContain(block.replace(/^ +/gm, ""));
});

test("Calls", async () => {
  const token = async () => tokenOf(user);
  const log = vi.spyOn(console, "log").mockReturnValue();
  await calls(token);
  expect(log.mock.calls).toEqual([[["Buy groceries"]]]);
  log.mockRestore();
});

async function calls(token: () => Promise<string>): Promise<void> {
  const { api } = createCalls({ url, token });

  const { body: task } = await api.post("/tasks", { body: { title: "Buy groceries", priority: "high" } });
  await api.patch("/tasks/{id}", {
    path: { id: task.id },
    body: { due: { date: "2026-12-01" } },
    ifMatch: task.revision,
  });
  for await (const page of api.pages("/tasks", { query: { filter: "p1", limit: 100 } })) {
    console.log(page.map(({ title }) => title));
  }
}

test("Tokens", async () => {
  await using way = await Way.open();
  const give = betterAuth(way.url, "a session");
  way.next(
    faults.answers(200, { "content-type": "application/json" }, JSON.stringify({ token: "nonsense" })),
    faults.pass,
    faults.answers(200, { "content-type": "application/json" }, JSON.stringify({ token: tokenOf(user) })),
    faults.pass,
    faults.answers(401, {}),
    faults.answers(500, {}),
  );
  expect((await createCalls({ url: way.url, token: give }).send({ method: "GET", path: "" })).status).toBe(200);
  expect(await give("start", AbortSignal.timeout(5000))).toBeNull();
  await expect(give("start", AbortSignal.timeout(5000))).rejects.toThrow("There is no token: 500");
  expect(way.seen[0]).toMatchObject({ path: "/api/auth/token", headers: { authorization: "Bearer a session" } });
});

function betterAuth(url: string, session: string) {
  async function token(_why: "start" | "refused", signal: AbortSignal): Promise<string | null> {
    const response = await fetch(`${url}/api/auth/token`, { headers: { authorization: `Bearer ${session}` }, signal });
    if (response.status === 401) return null;
    if (!response.ok) throw new Error(`There is no token: ${response.status}`);
    const answer = await response.json();
    return answer.token;
  }
  return token;
}

test("Retries", async () => {
  await using way = await Way.open();
  const { send } = createCalls({ url: way.url, token: async () => tokenOf(user) });
  way.next(faults.loseAnswer, faults.problem(503, "unavailable"));
  const write = {
    method: "POST",
    path: "/tasks",
    body: JSON.stringify({ title: "Buy rice" }),
    key: crypto.randomUUID(),
  };
  const backoff = new Backoff();
  let answer: Answer | undefined;
  while (!answer) {
    try {
      answer = await send(write);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await sleep(backoff.next(error.retryAfterMs));
    }
  }
  expect([answer.status, answer.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
});

test("Events", async () => {
  const start = (await api.get("/sync")).body.cursor;
  const leaving = new AbortController();
  const log = vi.spyOn(console, "log").mockImplementation(() => leaving.abort(new Error("That was all")));
  await api.post("/tasks", { body: { title: "Milk" } });
  await expect(follow(start, leaving.signal)).rejects.toThrow("That was all");
  expect(log.mock.calls).toEqual([["task", expect.any(Number), "created"]]);
  log.mockRestore();
});

async function follow(cursor: string, signal: AbortSignal): Promise<void> {
  for await (const change of events(cursor, signal)) {
    if (change === "heartbeat") continue;
    console.log(change.type, change.id, change.kind);
    cursor = change.cursor;
  }
}
