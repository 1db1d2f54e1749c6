import { describe, expect, test } from "vitest";

import { complete, type Due, Invalid, occurrences, type Recurrence, settle, skip } from "../../src/rules/index.ts";
import { caught, viewer } from "./given.ts";
import { hold, vectors } from "./vectors.ts";

interface Occurrence {
  due: Due;
  recurrence: Required<Recurrence>;
  start?: Due;
  reminders?: { at: string }[];
}
const { about: _, ...file } = vectors<{
  about: string;
  check: { recurrence: { rule: string }; due: Due; answer: string[] }[];
  next: { op: "complete" | "skip"; task: Occurrence; moment: string; time_zone: string; answer: Occurrence | null }[];
  occurrences: { due: Due; recurrence: Recurrence; from: string; to: string; limit: number; answer: Due[] }[];
}>("recurrence");

function messages(run: () => unknown): string[] {
  const error = caught(run);
  expect([undefined, "Invalid"]).toContain(error instanceof Invalid ? error.name : error);
  return error instanceof Invalid ? error.faults.map((fault) => fault.message) : [];
}

/** The vectors leave out the fraction of an instant where it is zero. */
function exact<T extends Occurrence>(one: T): T {
  const reminders = one.reminders?.map(({ at }) => ({ at: new Date(at).toISOString() }));
  return reminders ? { ...one, reminders } : one;
}

hold(file, {
  check: ({ recurrence, due, answer }) => {
    expect(
      messages(() => settle(recurrence, due)),
      recurrence.rule,
    ).toEqual(answer);
  },
  next: ({ op, task, moment, time_zone, answer }) => {
    const given = { title: "Task", ...task };
    const operation = { complete, skip }[op];
    const found = operation(given, viewer({ now: new Date(moment), timeZone: time_zone }));
    const completed_at = moment.replace("Z", ".000000Z");
    const expected = answer ?? { ...task, status: "complete", completed_at };
    expect(exact(found), task.recurrence.rule).toEqual(exact({ title: "Task", ...expected }));
  },
  occurrences: ({ due, recurrence, from, to, limit, answer }) =>
    expect(occurrences({ title: "Task", due, recurrence }, from, to, limit), recurrence.rule).toEqual(answer),
});

const due = { date: "2026-11-27" };
const weekly: Recurrence = { rule: "FREQ=WEEKLY", basis: "schedule", anchor: "2026-11-27" };

describe("Completing", () => {
  test("leaves a task as it is that is at another occurrence, or complete", () => {
    const task = { title: "Run", due, recurrence: weekly };
    const done = { title: "Run", status: "complete" } as const;
    for (const operation of [complete, skip]) {
      expect(operation(task, viewer(), "2026-11-20")).toBe(task);
      expect(operation(done, viewer(), "2026-11-20")).toBe(done);
      expect(operation(task, viewer(), "2026-11-27").due).toEqual({ date: "2026-12-04" });
    }
    expect(complete(done, viewer())).toBe(done);
  });

  test("completes a task that does not recur", () => {
    expect(complete({ title: "Call", id: 5 }, viewer())).toEqual({
      title: "Call",
      id: 5,
      status: "complete",
      completed_at: "2026-11-27T09:30:00.000000Z",
    });
  });

  test("moves on from the day of completion, past what is done", () => {
    const task = { title: "Water", due, recurrence: { ...weekly, basis: "completion" } } as const;
    const at = viewer({ now: new Date("2026-11-30T12:00:00Z") });
    expect(complete(task, at).due).toEqual({ date: "2026-12-07" });
    expect(complete(task, at, undefined, ["2026-12-07"]).due).toEqual({ date: "2026-12-14" });
  });

  test("counts a recurrence without basis and anchor by schedule, from its due date", () => {
    const task = { title: "Run", due, recurrence: { rule: "FREQ=DAILY;INTERVAL=3" } };
    expect(complete(task, viewer(), "2026-11-20")).toBe(task);
    expect(complete(task, viewer(), "2026-11-27")).toEqual({
      title: "Run",
      due: { date: "2026-11-30" },
      recurrence: { rule: "FREQ=DAILY;INTERVAL=3", anchor: "2026-11-30" },
    });
    expect(occurrences(task, "2026-11-28", "2026-12-01")).toEqual([{ date: "2026-11-30" }]);
  });

  test("lowers COUNT by one where it counts from completion, whatever has passed in the zone of the task", () => {
    const at = viewer({ now: new Date("2026-11-27T10:45:00Z"), timeZone: "Pacific/Niue" });
    const task = {
      title: "Call",
      due: { date: "2026-11-26", time: "00:30", time_zone: "Pacific/Kiritimati" },
      recurrence: { rule: "FREQ=DAILY;COUNT=5", basis: "completion", anchor: "2026-11-26" },
    } as const;
    expect(complete(task, at).recurrence).toEqual({
      rule: "FREQ=DAILY;COUNT=4",
      basis: "completion",
      anchor: "2026-11-29",
    });
  });

  test("keeps the fraction of a reminder's second", () => {
    const reminders = [{ minutes_before: 5 }, { at: "2026-11-27T08:00:00.123456Z" }];
    expect(complete({ title: "Run", due, recurrence: weekly, reminders }, viewer()).reminders).toEqual([
      { minutes_before: 5 },
      { at: "2026-12-04T08:00:00.123456Z" },
    ]);
  });

  test("is refused more than a year early, and a plain task can't be skipped", () => {
    const created_at = "2029-01-01T00:00:00.000000Z";
    const far = { title: "Run", due: { date: "2030-01-01" }, recurrence: weekly, created_at };
    for (const operation of [complete, skip]) {
      expect(messages(() => operation(far, viewer()))).toEqual([
        "Completed_at can't be more than a year before both the creation of the task and its due date",
      ]);
    }
    expect(messages(() => skip({ title: "Call" }, viewer()))).toEqual([
      "The task does not recur, so it has no next occurrence",
    ]);
  });
});

describe("The days of a task", () => {
  test("are one without a rule, and none without a date or when it is complete", () => {
    expect(occurrences({ title: "Call", due })).toEqual([due]);
    expect(occurrences({ title: "Call", due }, "2026-11-28")).toEqual([]);
    expect(occurrences({ title: "Call" })).toEqual([]);
    expect(occurrences({ title: "Run", due, recurrence: weekly, status: "complete" })).toEqual([]);
  });

  test("are a hundred at most, between days of the calendar", () => {
    expect(occurrences({ title: "Run", due, recurrence: weekly })).toHaveLength(100);
    expect(messages(() => occurrences({ title: "Run" }, "today"))).toEqual(["From must be a date such as 2026-12-01"]);
    expect(messages(() => occurrences({ title: "Run" }, due.date, "2026-02-30"))).toHaveLength(1);
  });
});

test("A part of a rule has up to 62 values", () => {
  const rule = (most: number) => `FREQ=MONTHLY;BYDAY=${Array.from({ length: most }, () => "MO").join()}`;
  expect(messages(() => settle({ rule: rule(62) }, due))).toEqual([]);
  expect(messages(() => settle({ rule: rule(63) }, due))).toEqual([
    "BYDAY must be up to 62 weekdays like MO or -1FR, with commas between them",
  ]);
});

test("A recurrence needs a due date", () => {
  expect(messages(() => settle({ rule: "FREQ=DAILY" }))).toEqual(["Recurrence needs a due date"]);
  expect(settle({ rule: "FREQ=DAILY" }, due)).toEqual({ rule: "FREQ=DAILY", basis: "schedule", anchor: "2026-11-27" });
});
