// Random recurrences and sentences, compared with what the service makes of them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  complete,
  defaultKey,
  type Due,
  type NewTask,
  occurrences,
  quickAdd,
  settle,
  skip,
  type Span,
  type Task,
  type Viewer,
} from "../../src/rules/index.ts";
import { rounds } from "../service.ts";
import { viewer } from "./given.ts";
import { expectAt, expectRefused, isRefusal, Peer, type Refusal, ZONES } from "./peer.ts";

interface Plan {
  rule: string;
  basis: "schedule" | "completion";
  anchor: string | undefined;
  due: Due;
  start: Due | undefined;
  at: Date | undefined;
}
interface Settings {
  week_start: Viewer["weekStart"];
  date_order: Viewer["dateOrder"];
}

const TIMEOUT = rounds(60_000, 600_000); // ms
const oneOf = <const T>(...values: T[]) => fc.constantFrom(...values);
const sometimes = <T>(value: fc.Arbitrary<T>, one = 2) =>
  fc.oneof({ weight: one - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const int = (min: number, max: number) => fc.integer({ min, max });
const some = <T>(value: fc.Arbitrary<T>) => fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map(String);
const signed = (most: number) => some(int(1, most).chain((n) => oneOf(n, n, -n)));
const days = int(-60, 60).map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
const time = fc.tuple(int(10, 23), oneOf("00", "15", "30", "59")).map((parts) => parts.join(":"));

const CODE = oneOf("MO", "TU", "WE", "TH", "FR", "SA", "SU");
const PLAIN = some(CODE);
const NUMBERED = some(fc.tuple(oneOf("", "1", "2", "-1", "+4"), CODE).map((parts) => parts.join("")));
const WEEKDAYS = { DAILY: PLAIN, WEEKLY: PLAIN, MONTHLY: NUMBERED, YEARLY: NUMBERED };
/** Mostly rules that RFC 5545 allows. */
const rule = oneOf("DAILY", "WEEKLY", "MONTHLY", "YEARLY").chain((FREQ) => {
  const isYearly = FREQ === "YEARLY";
  const parts = fc.record({
    FREQ: fc.constant(FREQ),
    INTERVAL: sometimes(fc.oneof(int(1, 5), int(1, 9999))),
    COUNT: sometimes(int(1, 12), 3),
    UNTIL: sometimes(fc.tuple(days, oneOf("", "T120000", "T120000Z")).map(([day, t]) => day.replaceAll("-", "") + t), 6),
    WKST: sometimes(CODE, 3),
    BYMONTH: sometimes(some(int(1, 12)), 3),
    BYMONTHDAY: sometimes(signed(31), FREQ === "WEEKLY" ? 40 : 3),
    BYYEARDAY: sometimes(signed(366), isYearly ? 5 : 40),
    BYWEEKNO: sometimes(signed(53), isYearly ? 5 : 40),
    BYDAY: sometimes(WEEKDAYS[FREQ]),
    BYSETPOS: sometimes(FREQ === "DAILY" ? oneOf("1", "-1", "2") : signed(4), 6),
  });
  return parts.map((given) =>
    Object.entries(given)
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
      .join(";"),
  );
});
const spoilt = fc.tuple(rule, oneOf(";BYHOUR=9", ";COUNT=0", ";X=1", ";FREQ=DAILY", "é", ";BYDAY=", ";;", ",32"));
const due = fc
  .record({ date: days, time: sometimes(time), zone: sometimes(oneOf(...ZONES)) })
  .map(({ date, time, zone }): Due => ({ date, ...(time && { time, ...(zone && { time_zone: zone }) }) }));
const plan = fc.record({
  rule: fc.oneof({ weight: 9, arbitrary: rule }, { weight: 1, arbitrary: spoilt.map((parts) => parts.join("")) }),
  basis: oneOf("schedule", "completion"),
  anchor: sometimes(days),
  due,
  start: sometimes(due),
  at: sometimes(fc.date({ min: new Date(Date.now() - 4e9), max: new Date(Date.now() + 4e9), noInvalidDate: true })),
});
const steps = fc.array(
  fc.record({ op: oneOf("complete", "complete", "skip"), minutes: int(0, 40 * 1440), zone: oneOf(...ZONES), stale: int(0, 9) }),
  { minLength: 1, maxLength: 4 },
);

describe("A recurring task", () => {
  const peer = new Peer();
  const changing = ["due", "start", "recurrence", "reminders", "status"] as const;
  const changed = (task: Task) => Object.fromEntries(changing.map((name) => [name, task[name]]));

  async function created(wish: Plan): Promise<Task | undefined> {
    const { rule, basis, anchor, due, start, at } = wish;
    const recurrence = { rule, basis, ...(anchor && { anchor }) };
    const body = { title: "Run", due, start, recurrence, reminders: [{ minutes_before: 9 }, ...(at ? [{ at }] : [])] };
    const task = await peer.ask<Task | Refusal>("POST", "tasks", body);
    if (isRefusal(task)) {
      expectRefused(() => settle(recurrence, due), task, rule);
      return undefined;
    }
    expect(settle(recurrence, due), rule).toEqual(task.recurrence);
    expect(defaultKey(Number(task.id))).toBe(task.position);
    return task;
  }

  test("goes where the service puts it", async () => {
    const holds = async (wish: Plan, some: Step[]) => {
      let task = await created(wish);
      const done: string[] = [];
      for (const { op, minutes, zone, stale } of task ? some : []) {
        const now = new Date(Date.now() - (op === "complete" ? minutes * 60_000 : 0));
        const occurrence = stale ? task?.recurrence?.anchor : "2020-01-01";
        const said = { occurrence, time_zone: zone, ...(op === "complete" && { completed_at: now }) };
        const [before, at] = [task, viewer({ now, timeZone: zone })] as [Task, Viewer];
        const ours = (at: Viewer) => changed({ complete, skip }[op](before, at, occurrence, done));
        const answer = await peer.ask<Task | Refusal>(op === "skip" ? "POST" : "PATCH", `tasks/${before.id}/${op}`, said);
        const what = `${JSON.stringify(before)} ${op} ${JSON.stringify(said)}`;
        if (isRefusal(answer)) expectRefused(() => ours(at), answer, what);
        else if (op === "complete") expect(ours(at), what).toEqual(changed(answer));
        else expectAt(at, ours, changed(answer), what);
        if (isRefusal(answer)) return;
        if (op === "complete" && stale && occurrence) done.push(occurrence);
        task = answer;
      }
    };
    await fc.assert(fc.asyncProperty(plan, steps, holds), { numRuns: rounds(60, 2500) });
  }, TIMEOUT);

  test("has the days that the service lists", async () => {
    const holds = async (wish: Plan, from: string, days: number, limit: number) => {
      const task = await created(wish);
      if (!task) return;
      const to = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
      const path = `tasks/${task.id}/occurrences?from=${from}&to=${to}&limit=${limit}`;
      expect(occurrences(task, from, to, limit), JSON.stringify(task)).toEqual(await peer.ask<Due[]>("GET", path));
    };
    const property = fc.asyncProperty(plan, days, int(0, 4000), int(1, 30), holds);
    await fc.assert(property, { numRuns: rounds(40, 1500) });
  }, TIMEOUT);
});

interface Step {
  op: "complete" | "skip";
  minutes: number;
  zone: string;
  stale: number;
}

describe("Quick add", () => {
  const SLOTS: Readonly<Record<string, string>> = {
    STEP: "2 3rd other second twelve an 14 0",
    UNIT: "day days week weeks month months year years",
    MINUTES: "hour hours hr minute minutes min",
    WEEKDAY: "monday Tuesday wed thurs friday Sat sun weds",
    PLACE: "1st 2nd third last fourth 5th 6th",
    MONTH: "january feb Mar. may june sept december",
    DAY: "1 2nd 15th 28 29 30th 31 31st 32 07",
    TIME: "5pm 5:30am 12am 12:15p.m. 17:00 24:00 9 noon 0:05",
    BEFORE: "on by due for starting at in of the this next last until from a to not black easter and or - – , &",
    NAME: "#Home #home. #Größe #C# #C#, #nowhere @errand @ERRAND! @new @x! p1 p2 P3 p4",
    OTHER:
      "\\tomorrow \"tomorrow\" 'friday' (tomorrow) tomorrow: [friday] — / : ; ! ? … 🎈 İ \u212aelvin wee\u212a café don’t " +
      "call mom ‘friday’ « » „ “ ” \u200e \u00b2 \u0660 # @ \\ \\\\ ' #\"x @\" 24/7 99 Every everyday",
  };
  const TEMPLATES = [
    ...["today", "tonight", "tomorrow", "next week", "next month", "WEEKDAY", "on WEEKDAY", "next WEEKDAY", "this WEEKDAY"],
    ...["in STEP UNIT", "in STEP MINUTES", "MONTH DAY", "the DAY of MONTH", "WEEKDAY, DAY MONTH 2027", "2026-12-24"],
    ...["24.12.", "29.2.", "31.4.27", "12/24", "24/12/26", "1/2", "2026-02-30", "at TIME", "TIME", "BEFORE", "NAME", "OTHER"],
    ...["every UNIT", "every! STEP UNIT", "every STEP UNIT", "every WEEKDAY", "every STEP WEEKDAY and WEEKDAY", "every weekday"],
    ...["every STEP weeks on WEEKDAY, WEEKDAY & WEEKDAY", "every PLACE WEEKDAY", "every PLACE and PLACE WEEKDAY of the month"],
    ...["every PLACE WEEKDAY in MONTH", "every PLACE weekday", "every last day of the month", "every DAY", "every DAY and DAY"],
    ...["every STEP months on the DAY", "every MONTH DAY", "every DAY MONTH", "every 24.12.", "every 12/24", "every STEP DAY"],
    ...['#"My list"', '@"two words"', '@"new one"', "#My\\ list", "BEFORE BEFORE", "OTHER OTHER"],
  ];
  const filled = oneOf(...TEMPLATES).chain((template) =>
    fc
      .tuple(...template.split(" ").map((word) => oneOf(...(SLOTS[word.replace(",", "")] ?? word).split(" "))))
      .map((words) => words.join(" ")),
  );
  const between = oneOf(" ", " ", " ", " ", " ", " ", " ", "", "  ", "\t", "\u00a0", "     ", "\n", ", ", "\x1f", "\ufeff");
  const sentence = fc
    .array(fc.tuple(filled, between), { minLength: 1, maxLength: 5 })
    .map((parts) => ["Do ", ...parts.flat()].join(""));
  const texts = fc.oneof({ weight: 9, arbitrary: sentence }, { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) });
  const LISTS = ["Home", "My list", "home", "Größe", "C#"];
  const LABELS = ["errand", "Two Words", "x!"];
  const settings = fc.record({ week_start: oneOf("monday", "sunday", "saturday"), date_order: oneOf("dmy", "mdy") });
  const moment = fc.oneof(
    fc.date({ min: new Date("2025-01-01"), max: new Date("2029-12-31"), noInvalidDate: true }),
    oneOf("2028-02-29T12:00:00Z", "2026-03-29T00:59:59Z", "2026-10-25T01:00:00Z", "2026-12-31T23:30:00Z").map((text) => new Date(text)),
  );

  test("reads what the service reads", async () => {
    const holds = async ({ week_start, date_order }: Settings, typed: [string, Date, string][]) => {
      await peer.ask("PATCH", "../me", { week_start, date_order });
      const world = await peer.world();
      for (const [text, now, zone] of typed) {
        const at = viewer({ now, timeZone: zone, weekStart: week_start, dateOrder: date_order });
        const body = { text, now, time_zone: zone, dry_run: true };
        const answer = await peer.ask<{ task: NewTask; parsed: Span[] } | Refusal>("POST", "tasks/quick", body);
        const what = JSON.stringify([text, at]);
        if (isRefusal(answer)) expectRefused(() => quickAdd(text, at, world), answer, what);
        else expect(quickAdd(text, at, world), what).toEqual({ value: answer.task, parsed: answer.parsed });
      }
    };
    const peer = new Peer();
    await peer.batch([
      ...LISTS.map((name) => ({ op: "create", type: "list", list: { name } })),
      ...LABELS.map((name) => ({ op: "create", type: "label", label: { name } })),
    ]);
    const typed = fc.array(fc.tuple(texts, moment, oneOf(...ZONES)), { minLength: 20, maxLength: 20 });
    await fc.assert(fc.asyncProperty(settings, typed, holds), { numRuns: rounds(12, 500) });
  }, TIMEOUT);
});
