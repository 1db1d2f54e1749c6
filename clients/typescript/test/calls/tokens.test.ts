import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createCalls, SignedOut, Unreachable } from "../../src/calls/index.ts";
import { newUser, tokenOf } from "../service.ts";
import { answers, late, pause, Way } from "./way.ts";

const SILENCE_MS = 600;
const GET_ME = { method: "GET", path: "" };
const user = newUser();

let way: Way;
beforeEach(async () => {
  way = await Way.open();
});
afterEach(() => way[Symbol.asyncDispose]());

/** Calls with a source that gives these tokens, one after the other; the last one again and again. */
function callsWith(...tokens: (string | null)[]) {
  const asked: string[] = [];
  const token = async (why: string) => {
    asked.push(why);
    await pause(10);
    return tokens[Math.min(asked.length, tokens.length) - 1] ?? null;
  };
  return { asked, calls: createCalls({ url: way.url, token, silenceMs: SILENCE_MS }) };
}

test("All callers share one token", async () => {
  const { asked, calls } = callsWith(tokenOf(user));
  const all = await Promise.all(Array.from({ length: 10 }, () => calls.send(GET_ME)));
  expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200));
  await calls.send(GET_ME);
  expect(asked).toEqual(["start"]);
});

test("A refused token is renewed once for all callers, and each repeats its request", async () => {
  const { asked, calls } = callsWith("nonsense", tokenOf(user));
  const all = await Promise.all(Array.from({ length: 10 }, () => calls.send(GET_ME)));
  expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(asked).toEqual(["start", "refused"]);
  expect(way.seen).toHaveLength(20);
});

test("An expired token is renewed", async () => {
  const { asked, calls } = callsWith(tokenOf(user, -3600), tokenOf(user));
  expect((await calls.send(GET_ME)).status).toBe(200);
  expect(asked).toEqual(["start", "refused"]);
});

test("A late refusal of an old token does not renew the new one", async () => {
  const { asked, calls } = callsWith("nonsense", tokenOf(user));
  way.next(late(150));
  const [slow, quick] = await Promise.all([calls.send(GET_ME), calls.send(GET_ME)]);
  expect([slow.status, quick.status]).toEqual([200, 200]);
  expect(asked).toEqual(["start", "refused"]);
});

test("Without a token the user is signed out, until there is one", async () => {
  const { asked, calls } = callsWith(null, tokenOf(user));
  await expect(calls.send(GET_ME)).rejects.toThrow(SignedOut);
  expect(way.seen).toEqual([]);
  expect((await calls.send(GET_ME)).status).toBe(200);
  expect(asked).toEqual(["start", "start"]);
});

test("A user who signs out is signed out when the old token is refused", async () => {
  const { asked, calls } = callsWith("nonsense", null, tokenOf(user));
  await expect(calls.send(GET_ME)).rejects.toThrow(SignedOut);
  expect((await calls.send(GET_ME)).status).toBe(200);
  expect(asked).toEqual(["start", "refused", "start"]);
});

test("A fresh token that is refused too ends the attempt", async () => {
  const { asked, calls } = callsWith("nonsense", tokenOf(user, -3600), tokenOf(user));
  const error = await calls.send(GET_ME).catch((reason: unknown) => reason);
  if (!(error instanceof SignedOut)) throw error;
  expect(error.problem?.code).toBe("token_expired");
  expect([asked, way.seen.length]).toEqual([["start", "refused"], 2]);

  expect((await calls.send(GET_ME)).status).toBe(200);
  expect(asked).toEqual(["start", "refused", "refused"]);
});

test("A 401 that is not from Doable renews nothing", async () => {
  const { asked, calls } = callsWith(tokenOf(user));
  way.next(answers(401, { "content-type": "text/html", "www-authenticate": "Basic" }, "<h1>Who are you?</h1>"));
  await expect(calls.send(GET_ME)).rejects.toMatchObject({ name: "Unreachable", status: 401 });
  expect(asked).toEqual(["start"]);
});

test.each([
  ["rejects", () => Promise.reject(new Error("offline"))],
  [
    "throws",
    () => {
      throw new Error("offline");
    },
  ],
])("Where the source %s, the service is out of reach, and the next call asks again", async (_, fails) => {
  const token = vi.fn().mockImplementationOnce(fails).mockResolvedValue(tokenOf(user));
  const calls = createCalls({ url: way.url, token });
  const error = await calls.send(GET_ME).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Unreachable);
  expect(error).toHaveProperty("cause.message", "offline");
  expect((await calls.send(GET_ME)).status).toBe(200);
});

test("A source that says nothing is given up", async () => {
  const signals: AbortSignal[] = [];
  const token = (_: string, signal: AbortSignal) => new Promise<null>(() => signals.push(signal));
  const calls = createCalls({ url: way.url, token, silenceMs: SILENCE_MS });
  await expect(calls.send(GET_ME)).rejects.toThrow(Unreachable);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test("A caller can leave before there is a token, and the others get it", async () => {
  let give: (token: string) => void = () => undefined;
  const token = vi.fn(() => new Promise<string>((resolve) => (give = resolve)));
  const calls = createCalls({ url: way.url, token });
  const leaving = new AbortController();
  const left = calls.send({ ...GET_ME, signal: leaving.signal });
  const stayed = calls.send(GET_ME);
  leaving.abort(new Error("I leave"));
  await expect(left).rejects.toThrow("I leave");
  give(tokenOf(user));
  expect((await stayed).status).toBe(200);
  expect([token.mock.calls.length, way.seen.length]).toEqual([1, 1]);
});

test.each([-1, 1])("A clock that is off by %i year changes nothing", async (years) => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  try {
    const { asked, calls } = callsWith(tokenOf(user));
    vi.setSystemTime(Date.now() + years * 365 * 86_400_000);
    expect((await calls.send(GET_ME)).status).toBe(200);
    vi.setSystemTime(Date.now() - years * 365 * 86_400_000);
    expect((await calls.send(GET_ME)).status).toBe(200);
    expect(asked).toEqual(["start"]);
  } finally {
    vi.useRealTimers();
  }
});
