// Random recurrences, compared with what the service makes of them.

import fc from "fast-check";
import { expect, test } from "vitest";

import type { Due, Recurrence, Task, Viewer } from "../../src/rules/index.ts";
import { complete, defaultKey, occurrences, settle, skip } from "../../src/rules/index.ts";
import { rounds } from "../service.ts";
import { oneOf, sometimes, TIMEOUT } from "./arbitraries.ts";
import { viewer } from "./given.ts";
import { expectAt, expectRefused, isRefusal, Peer, type Refusal, ZONES } from "./peer.ts";

interface Plan {
  recurrence: Recurrence;
  due: Due;
  start: Due | undefined;
  at: Date | undefined;
}
interface Step {
  op: "complete" | "skip";
  minutes: number;
  zone: string;
  isStale: boolean;
}

const DAY = 86_400_000;
const int = (min: number, max: number) => fc.integer({ min, max });
const some = <T>(value: fc.Arbitrary<T>) => fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map(String);
const signed = (most: number) => some(int(1, most).chain((n) => oneOf(n, n, -n)));
const day = int(-60, 60).map((days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10));
const time = fc.tuple(int(10, 23), oneOf("00", "15", "30", "59")).map((parts) => parts.join(":"));
const due = fc
  .record({ date: day, time: sometimes(time), zone: sometimes(oneOf(...ZONES)) })
  .map(({ date, time, zone }): Due => ({ date, ...(time && { time, ...(zone && { time_zone: zone }) }) }));

const CODE = oneOf("MO", "TU", "WE", "TH", "FR", "SA", "SU");
const PLAIN = some(CODE);
const NUMBERED = some(fc.tuple(oneOf("", "1", "2", "-1", "+4"), CODE).map((parts) => parts.join("")));
const WEEKDAYS = { DAILY: PLAIN, WEEKLY: PLAIN, MONTHLY: NUMBERED, YEARLY: NUMBERED };
const until = fc.tuple(day, oneOf("", "T120000", "T120000Z")).map(([day, time]) => day.replaceAll("-", "") + time);
/** Mostly rules that RFC 5545 allows. */
const rule = oneOf("DAILY", "WEEKLY", "MONTHLY", "YEARLY").chain((FREQ) => {
  const yearly = FREQ === "YEARLY" ? 5 : 40;
  const parts = fc.record({
    FREQ: fc.constant(FREQ),
    INTERVAL: sometimes(fc.oneof(int(1, 5), int(1, 9999))),
    COUNT: sometimes(int(1, 12), 3),
    UNTIL: sometimes(until, 6),
    WKST: sometimes(CODE, 3),
    BYMONTH: sometimes(some(int(1, 12)), 3),
    BYMONTHDAY: sometimes(signed(31), FREQ === "WEEKLY" ? 40 : 3),
    BYYEARDAY: sometimes(signed(366), yearly),
    BYWEEKNO: sometimes(signed(53), yearly),
    BYDAY: sometimes(WEEKDAYS[FREQ]),
    BYSETPOS: sometimes(FREQ === "DAILY" ? oneOf("1", "-1", "2") : signed(4), 6),
  });
  return parts.map((given) =>
    Object.entries(given)
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
      .join(";"),
  );
});
const SPOILT = [";BYHOUR=9", ";COUNT=0", ";X=1", ";FREQ=DAILY", "é", ";BYDAY=", ";;", ",32"];
const spoilt = fc.tuple(rule, oneOf(...SPOILT)).map((parts) => parts.join(""));
const recurrence = fc
  .record({
    rule: fc.oneof({ weight: 9, arbitrary: rule }, { weight: 1, arbitrary: spoilt }),
    basis: fc.constantFrom(undefined, "schedule" as const, "completion" as const),
    anchor: sometimes(day),
  })
  .map(({ rule, basis, anchor }): Recurrence => ({ rule, ...(basis && { basis }), ...(anchor && { anchor }) }));
const instant = int(-50 * DAY, 50 * DAY).map((ms) => new Date(Date.now() + ms));
const plan = fc.record({ recurrence, due, start: sometimes(due), at: sometimes(instant) });
const step = fc.record({
  op: oneOf("complete", "complete", "skip"),
  minutes: int(0, 40 * 1440),
  zone: oneOf(...ZONES),
  isStale: int(0, 9).map((one) => one === 0),
});

const peer = new Peer();
const CHANGING = ["due", "start", "recurrence", "reminders", "status"] as const;
const changing = (task: Task) => Object.fromEntries(CHANGING.map((name) => [name, task[name]]));

/** The new task; undefined if the service refuses it, for the reasons that we have. */
async function created({ recurrence, due, start, at }: Plan): Promise<Task | undefined> {
  const reminders = [{ minutes_before: 9 }, ...(at ? [{ at }] : [])];
  const task = await peer.ask<Task | Refusal>("POST", "tasks", { title: "Run", due, start, recurrence, reminders });
  if (isRefusal(task)) {
    expectRefused(() => settle(recurrence, due), task, recurrence.rule);
    return undefined;
  }
  expect(settle(recurrence, due), recurrence.rule).toEqual(task.recurrence);
  expect(defaultKey(Number(task.id))).toBe(task.position);
  return task;
}

/** The task after a step. `done` has the anchors of its occurrences that are done. */
async function after(task: Task, { op, minutes, zone, isStale }: Step, done: string[]): Promise<Task> {
  const now = new Date(Date.now() - (op === "complete" ? minutes * 60_000 : 0));
  const occurrence = isStale ? "2020-01-01" : (task.recurrence?.anchor ?? "");
  const said = { occurrence, time_zone: zone, ...(op === "complete" && { completed_at: now }) };
  const answer = await peer.ask<Task | Refusal>(op === "skip" ? "POST" : "PATCH", `tasks/${task.id}/${op}`, said);
  const ours = (at: Viewer) => changing({ complete, skip }[op](task, at, occurrence, done));
  const [at, what] = [viewer({ now, timeZone: zone }), `${JSON.stringify(task)} ${op} ${JSON.stringify(said)}`];
  if (isRefusal(answer)) {
    expectRefused(() => ours(at), answer, what);
    return task;
  }
  if (op === "complete") expect(ours(at), what).toEqual(changing(answer));
  else expectAt(at, ours, changing(answer), what);
  if (op === "complete" && !isStale) done.push(occurrence);
  return answer;
}

test(
  "A recurring task goes where the service puts it",
  async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 4 });
    const holds = async (wish: Plan, some: Step[]) => {
      let task = await created(wish);
      const done: string[] = [];
      for (const one of some) task = task && (await after(task, one, done));
    };
    await fc.assert(fc.asyncProperty(plan, steps, holds), { numRuns: rounds(60, 2500) });
  },
  TIMEOUT,
);

test(
  "A recurring task has the days that the service lists",
  async () => {
    const holds = async (wish: Plan, from: string, days: number, limit: number) => {
      const task = await created(wish);
      if (!task) return;
      const to = new Date(Date.parse(from) + days * DAY).toISOString().slice(0, 10);
      const theirs = await peer.ask<Due[]>("GET", `tasks/${task.id}/occurrences?from=${from}&to=${to}&limit=${limit}`);
      expect(occurrences(task, from, to, limit), JSON.stringify(task)).toEqual(theirs);
    };
    await fc.assert(fc.asyncProperty(plan, day, int(0, 4000), int(1, 30), holds), { numRuns: rounds(40, 1500) });
  },
  TIMEOUT,
);
