import { describe, expect, test } from "vitest";

import { dayText, parseDay } from "../../src/rules/days.ts";
import { resolve } from "../../src/rules/filter/tree.ts";
import { canonical, type Due, FilterError, matcher, parseFilter, type Task } from "../../src/rules/index.ts";
import { caught, viewer } from "./given.ts";
import { hold, vectors } from "./vectors.ts";

interface Record {
  id: number;
  title: string;
  description: string | null;
  due: Due | null;
  start: Due | null;
  created: string;
  updated: string;
  completed: string | null;
  list_name: string | null;
  is_archived: boolean;
  labels: string[];
  parent: number | null;
  priority: "high" | "medium" | "low" | null;
  is_recurring: boolean;
}
const file = vectors<{
  read: { text: string; canonical: string; clock: string; decides_status: boolean; names: object[] }[];
  refused: { text: string; faults: [number, string][] }[];
  days: { today: string; day: string; means: string }[];
  tasks: Record[];
  found: { text: string; now: string; time_zone: string; ids: number[] }[];
}>("filters");
const lists = [...new Map(file.tasks.map((one) => [one.list_name, one.is_archived]))]
  .filter(([name]) => name !== null)
  .map(([name, archived], at) => ({ id: at + 1, name: name ?? "", archived }));
const tasks = file.tasks.map(task);
const labels = [...new Set(tasks.flatMap((one) => one.labels ?? []))].map((name) => ({ name }));
const world = { lists, labels, tasks };

function task(one: Record): Task {
  const due = parseDay(one.due?.date) === undefined ? null : one.due;
  const all = {
    id: one.id,
    title: one.title,
    description: one.description,
    due: plain(due),
    start: plain(one.start),
    created_at: one.created,
    updated_at: one.updated,
    completed_at: one.completed,
    status: one.completed ? "complete" : "incomplete",
    list_id: lists.find((list) => list.name === one.list_name)?.id,
    labels: one.labels.length ? one.labels : null,
    parent_id: one.parent,
    priority: one.priority,
    recurrence: one.is_recurring ? { rule: "FREQ=DAILY", basis: "schedule", anchor: one.due?.date } : null,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value != null)) as unknown as Task;
}

function plain(due: Due | null): Due | null {
  return due && (Object.fromEntries(Object.entries(due).filter(([, value]) => value !== null)) as unknown as Due);
}

hold(file, {
  read: (entry) => {
    const filter = parseFilter(entry.text);
    expect({
      text: filter.text,
      canonical: canonical(filter),
      clock: filter.clock,
      decides_status: filter.decidesStatus,
      names: filter.names,
    }).toEqual(entry);
    expect(parseFilter(canonical(filter)).tree).toEqual(filter.tree);
  },
  refused: ({ text, faults }) => {
    const error = caught(() => parseFilter(text));
    expect(error).toBeInstanceOf(FilterError);
    const found = error instanceof FilterError ? error.faults : [];
    expect(found.map((fault) => [fault.column ?? null, fault.message])).toEqual(faults);
  },
  days: ({ today, day, means }) => {
    const term = parseFilter(`due: ${day}`).tree;
    const named = term.kind === "on" ? term.day : "";
    expect(dayText(resolve(named, parseDay(today) ?? NaN))).toBe(means);
  },
  tasks: ({ id }) => expect(tasks.map((one) => one.id)).toContain(id), // `found` looks through them.
  found: ({ text, now, time_zone, ids }) => {
    const finds = matcher(parseFilter(text), viewer({ now: new Date(now), timeZone: time_zone }), world);
    expect(
      tasks.filter(finds).map((one) => one.id),
      `${text} in ${time_zone}`,
    ).toEqual(ids);
  },
});

describe("A filter", () => {
  test("is its own canonical form where that is too long", () => {
    const text = Array.from({ length: 50 }, () => `@${"x".repeat(18)}`).join("|");
    expect(canonical(parseFilter(text))).toBe(text);
  });

  test("names what does not exist, with the columns in code points", () => {
    const error = caught(() => matcher(parseFilter('search: 🎈 | #"🎈" & @b'), viewer(), { lists: [], labels: [] }));
    expect(error).toBeInstanceOf(FilterError);
    expect(error).toMatchObject({
      column: 13,
      faults: [
        { code: "list_not_found", message: 'Column 13 of the filter: no list "🎈"', column: 13 },
        { code: "label_not_found", message: 'Column 20 of the filter: no label "b"', column: 20 },
      ],
    });
  });

  test("finds a new task, which has no status, no times and a list with a uid", () => {
    const finds = (text: string, task: Task) =>
      matcher(parseFilter(text), viewer(), { lists: [{ uid: "a", name: "Home" }], labels: [] })(task);
    expect(finds("#home", { title: "New", list_id: "a" })).toBe(true);
    expect(finds("created: today", { title: "New" })).toBe(false);
    expect(finds("#home", { title: "Done", list_id: "a", status: "complete" })).toBe(false);
  });

  test("finds what is overdue only after its time has passed", () => {
    const due = { date: "2026-11-27", time: "10:30" };
    const finds = (now: string, due: Due) => {
      const at = viewer({ now: new Date(now) });
      return matcher(parseFilter("overdue"), at, { lists: [], labels: [] })({ title: "Call", due });
    };
    for (const one of [due, { ...due, time_zone: "Europe/Berlin" }]) {
      expect(finds("2026-11-27T09:30:00.000Z", one)).toBe(false);
      expect(finds("2026-11-27T09:30:00.001Z", one)).toBe(true);
    }
  });

  test("finds nothing after the last day, and nothing before the first", () => {
    for (const date of ["0001-01-01", "2026-11-27", "9999-12-31"]) {
      for (const text of ["due after: 9999-12-31", "due before: 0001-01-01"]) {
        const finds = matcher(parseFilter(text), viewer(), { lists: [], labels: [] });
        expect(finds({ title: "Call", due: { date } }), text).toBe(false);
      }
    }
  });

  test("does not fail because of a time zone that is newer than this program", () => {
    const due: Due = { date: "2026-11-27", time: "12:00", time_zone: "Europe/Atlantis" };
    expect(matcher(parseFilter("today"), viewer(), { lists: [], labels: [] })({ title: "Sail", due })).toBe(true);
  });
});
