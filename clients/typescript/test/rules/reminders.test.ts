// When reminders are due, also where clocks change.

import { expect, test } from "vitest";

import { remindersOf, type Task } from "../../src/rules/index.ts";
import { viewer } from "./given.ts";

const times = (task: Partial<Task>, some = {}) =>
  remindersOf({ title: "Call", ...task }, viewer(some)).map((moment) => new Date(moment).toISOString().slice(0, 16));

test("Minutes count back from the time at which a task is due, in its zone or else the viewer's", () => {
  const reminders = [{ minutes_before: 30 }];
  expect(times({ due: { date: "2026-12-01", time: "17:00" }, reminders })).toEqual(["2026-12-01T15:30"]);
  const due = { date: "2026-12-01", time: "17:00", time_zone: "America/New_York" };
  expect(times({ due, reminders })).toEqual(["2026-12-01T21:30"]);
});

test("Minutes of a whole day count from the start of the user's day", () => {
  const task = { due: { date: "2026-12-01" }, reminders: [{ minutes_before: 0 }, { minutes_before: 1440 }] };
  expect(times(task)).toEqual(["2026-11-30T08:00", "2026-12-01T08:00"]);
  expect(times(task, { dayStart: "07:15", timeZone: "UTC" })).toEqual(["2026-11-30T07:15", "2026-12-01T07:15"]);
});

test("In a gap of daylight saving time, the time at which a task is due moves forward first", () => {
  const task = { due: { date: "2027-03-28", time: "02:30" }, reminders: [{ minutes_before: 60 }] };
  expect(times(task)).toEqual(["2027-03-28T00:30"]);
});

test("An instant stays, two reminders for one moment are one, and without a date minutes are silent", () => {
  const at = "2026-12-01T09:00:00+01:00";
  expect(times({ reminders: [{ at }, { at: "2026-12-01T08:00:00Z" }] })).toEqual(["2026-12-01T08:00"]);
  expect(times({ reminders: [{ minutes_before: 5 }] })).toEqual([]);
  expect(times({})).toEqual([]);
});
