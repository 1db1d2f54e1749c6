import fc from "fast-check";
import { expect, test } from "vitest";

import { type Answer, type Calls, createCalls, Unreachable } from "../../src/calls/index.ts";
import { newUser, rounds, tokenOf } from "../service.ts";
import * as faults from "./way.ts";
import { type Fault, Way } from "./way.ts";

const HTML = { "content-type": "text/html" };
const NAMED = {
  pass: faults.pass,
  "lose the request": faults.loseRequest,
  "lose the answer": faults.loseAnswer,
  "halve the answer": faults.halve("cut"),
  "be silent": faults.stall,
  "captive portal": faults.answers(200, HTML, "<h1>Welcome</h1>"),
  "bad gateway": faults.answers(502, HTML, "<h1>Bad Gateway</h1>"),
  redirect: faults.answers(302, { location: "/api/me/tasks" }),
  unavailable: faults.problem(503, "unavailable", { "retry-after": "1" }),
  "too many": faults.problem(429, "rate_limited"),
} satisfies Record<string, Fault>;
const fault = fc.constantFrom(...(Object.keys(NAMED) as (keyof typeof NAMED)[]));
const token = fc.constantFrom("good", "expired", "nonsense", "none for now");

async function untilAnswered(calls: Calls, call: Parameters<Calls["send"]>[0]): Promise<Answer> {
  for (;;) {
    try {
      return await calls.send(call);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}

/** The ids of the tasks that the stream names, up to one revision. It connects again whenever it breaks. */
async function heard(calls: Calls, from: string, revision: number): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor = from; ;) {
    try {
      for await (const change of calls.events(cursor, AbortSignal.timeout(20_000))) {
        if (change === "heartbeat") continue;
        cursor = change.cursor;
        ids.push(Number(change.id));
        if (change.revision === revision) return ids;
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}

test("Whatever happens on the way, each write takes effect once, and each change is heard once", async () => {
  const writes = fc.array(fc.array(fault, { maxLength: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      writes,
      fc.array(fault, { maxLength: 4 }),
      fc.array(token, { maxLength: 4 }),
      async (ways, later, tokens) => {
        await using way = await Way.open();
        const user = newUser();
        const next = [...tokens];
        const give = { good: 3600, expired: -3600 };
        const calls = createCalls({
          url: way.url,
          silenceMs: 400,
          token: async (why) => {
            const kind = why === "start" ? (next.shift() ?? "good") : "good";
            if (kind === "none for now") throw new Error("No token now");
            return kind === "nonsense" ? kind : tokenOf(user, give[kind]);
          },
        });
        const { body: start } = await untilAnswered(calls, { method: "GET", path: "/sync" });
        const ids: unknown[] = [];
        let revision = 0;
        for (const [index, coming] of ways.entries()) {
          way.next(...coming.map((name) => NAMED[name]));
          const body = JSON.stringify({ title: `Task ${index}` });
          const answer = await untilAnswered(calls, { method: "POST", path: "/tasks", body, key: `key ${index}` });
          expect(answer).toMatchObject({ status: 201, body: { title: `Task ${index}` } });
          if (isTask(answer.body)) [revision] = [answer.body.revision, ids.push(answer.body.id)];
        }
        const { body: tasks } = await untilAnswered(calls, { method: "GET", path: "/tasks" });
        expect(Array.isArray(tasks) && tasks.filter(isTask).map(({ id }) => id)).toEqual([...ids].reverse());

        way.next(...later.map((name) => NAMED[name]));
        expect(await heard(calls, isPage(start) ? start.cursor : "", revision)).toEqual(ids);
      },
    ),
    { numRuns: rounds(5, 150), endOnFailure: true },
  );
}, 600_000);

function isTask(body: unknown): body is { id: number; revision: number } {
  return typeof body === "object" && body !== null && "id" in body && "revision" in body;
}

function isPage(body: unknown): body is { cursor: string } {
  return typeof body === "object" && body !== null && "cursor" in body;
}
