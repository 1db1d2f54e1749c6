// Views are a pure function of the copy and the pending writes in order, however they came about, and they are fast.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Row } from "../../src/store/json.ts";
import { Counting, type Counts } from "../../src/store/counting.ts";
import { Model, type Shape } from "../../src/store/model.ts";
import type { Op, Write } from "../../src/store/ops.ts";
import { planOf, type Query } from "../../src/store/query.ts";
import { viewerOf } from "../../src/store/rules.ts";
import { View } from "../../src/store/view.ts";
import { rounds } from "../service.ts";
import { taskRow as task } from "./harness.ts";

const context = () => ({ user: "a", rules: undefined, viewer: viewerOf(undefined, new Date(0), "UTC") });
const newModel = () => new Model(context, (conflict) => conflict);
const view = (model: Model, query: Query = {}) => new View(model, "task", planOf(query, model, context, false));

function write(seq: number, ...ops: Op[]): Write {
  return { v: 1, id: `w${seq}`, at: "2026-11-27T12:00:00.000Z", seq, stamp: 0, ops };
}

type Step =
  | { readonly do: "put"; readonly id: number; readonly row: Row }
  | { readonly do: "remove"; readonly id: number }
  | { readonly do: "write"; readonly ops: Op[] }
  | { readonly do: "answer"; readonly at: number }
  | { readonly do: "forget"; readonly at: number };

const id = fc.integer({ min: 1, max: 8 });
const name = fc.constantFrom("u1", "u2", "u3");
const target = fc.oneof(
  id,
  name.map((uid) => ({ uid })),
);
const some = (row: fc.Arbitrary<Row>) => fc.tuple(row, fc.boolean()).map(([given, isGiven]) => (isGiven ? given : {}));
const row = fc
  .tuple(
    fc.record({ title: fc.constantFrom("a", "b"), position: fc.constantFrom("a1", "a2", "a3") }),
    some(id.map((parent_id) => ({ parent_id }))),
    some(fc.constant({ list_id: 100 })),
    some(fc.constant({ labels: ["x"] })),
  )
  .map((parts): Row => Object.assign({ status: "incomplete", description: null }, ...parts));
const value = fc.tuple(row, some(target.map((parent_id) => ({ parent_id })))).map(([one, more]): Row => {
  const { position: _, parent_id: __, ...given } = one;
  return { ...given, ...more };
});
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: fc.constant("create" as const), type: fc.constant("task" as const), uid: name, value }),
  fc.record({
    op: fc.constant("update" as const),
    type: fc.constant("task" as const),
    id: target,
    patch: value,
    base: fc.constant({}),
  }),
  fc.record({
    op: fc.constantFrom("complete" as const, "reopen" as const),
    type: fc.constant("task" as const),
    id: target,
  }),
  fc.record({ op: fc.constant("delete" as const), type: fc.constant("task" as const), id: target }),
  fc.record({
    op: fc.constant("move" as const),
    type: fc.constant("task" as const),
    id: target,
    place: fc.constantFrom<Row>(
      { to: "first" },
      { to: "last" },
      { after: 3 },
      { before: 2, otherwise: "last" },
      { parent_id: 1 },
    ),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("put" as const), id, row }),
  fc.record({ do: fc.constant("remove" as const), id }),
  fc.record({ do: fc.constant("write" as const), ops: fc.array(op, { minLength: 1, maxLength: 3 }) }),
  fc.record({ do: fc.constant("answer" as const), at: fc.nat(5) }),
  fc.record({ do: fc.constant("forget" as const), at: fc.nat(5) }),
);

function run(model: Model, one: Step, seq: number): void {
  model.change((state) => {
    const at = "at" in one ? [...state.stored.values()][one.at % (state.stored.size || 1)] : undefined;
    if (one.do === "put")
      state.touch(
        state.rows.put("task", one.id, { ...task(one.id), ...one.row, ...(one.id < 4 && { uid: `u${one.id}` }) }),
      );
    if (one.do === "remove") state.touch(state.rows.remove(one.id));
    if (one.do === "write") state.stored.set(`w${seq}`, write(seq, ...one.ops));
    if (one.do === "answer" && at) state.stored.set(at.id, { ...at, answer: { revisions: [], rows: [] } });
    if (one.do === "forget" && at) state.stored.delete(at.id);
  });
}

const QUERIES: Query[] = [
  {},
  { list: "inbox" },
  { list: 100 },
  { parent: 1 },
  { parent: "u2" },
  { limit: 2 },
  { list: "inbox", status: "incomplete" },
];

test("a view that follows each change is what a new one would be, and keeps what did not change", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const model = newModel();
      const views = QUERIES.map((query) => view(model, query));
      const last = views.map((one) => one.get());
      views.forEach((one, at) => one.subscribe((now) => (last[at] = now)));
      steps.forEach((one, seq) => {
        const before = new Map(model.table("task"));
        run(model, one, seq + 1);
        views.forEach((followed, at) => {
          const fresh = view(model, QUERIES[at]).get();
          expect(followed.get()).toEqual(fresh);
          expect(last[at]).toBe(followed.get());
          for (const item of fresh)
            if (JSON.stringify(item) === JSON.stringify(before.get(item.uid))) expect(item).toBe(before.get(item.uid));
        });
      });
    }),
    { numRuns: rounds(150, 5000) },
  );
});

const keysOf = ({ list_id, labels }: Shape): string[] => [
  `list ${String(list_id)}`,
  ...(Array.isArray(labels) ? labels.map((label) => `label ${String(label)}`) : []),
];

test("counts that follow each change are what new ones would be, and only a new number tells", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const model = newModel();
      const followed = new Counting(model, "task", keysOf);
      let last = followed.get();
      followed.subscribe((now) => (last = now));
      const numbers = (counts: Counts): number[] =>
        ["list undefined", "list 100", "label x"].map((key) => counts.of(key));
      steps.forEach((one, seq) => {
        const [known, before] = [last, numbers(last)];
        run(model, one, seq + 1);
        const now = numbers(new Counting(model, "task", keysOf).get());
        expect(numbers(followed.get())).toEqual(now);
        expect(last).toBe(followed.get());
        if (JSON.stringify(before) === JSON.stringify(now)) expect(last).toBe(known);
      });
    }),
    { numRuns: rounds(150, 5000) },
  );
});

test("who reads a view before its turn to be told takes no news from those who follow it", () => {
  const model = newModel();
  const followed = view(model);
  model.changes.add(() => void followed.get());
  const told: number[] = [];
  followed.subscribe((now) => told.push(now.length));
  run(model, { do: "put", id: 1, row: {} }, 1);
  expect(told).toEqual([1]);
});

test("a query of open tasks has no complete one, and the other way round", () => {
  const model = newModel();
  [1, 2, 3].forEach((one) => run(model, { do: "put", id: one, row: {} }, one));
  const [open, complete] = [view(model, { status: "incomplete" }), view(model, { status: "complete" })];
  run(model, { do: "write", ops: [{ op: "complete", type: "task", id: 2 }] }, 4);
  expect(open.get().map((item) => item["id"])).toEqual([1, 3]);
  expect(complete.get().map((item) => item["id"])).toEqual([2]);
});

test("the same copy and the same pending writes show the same, in whatever order they arrived", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (steps, random) => {
      const model = newModel();
      steps.forEach((one, seq) => run(model, one, seq + 1));
      const other = newModel();
      const rows: [number, Row][] = [];
      model.change((state) => {
        for (const item of state.rows.table("task").values()) rows.push([Number(item["id"]), item]);
      });
      const parts = [...rows, ...model.outbox.get()]
        .map((part) => ({ part, at: random.next().value }))
        .sort((a, b) => a.at - b.at);
      for (const { part } of parts) {
        other.change((state) => {
          if ("seq" in part) state.stored.set(part.id, part);
          else state.touch(state.rows.put("task", part[0], part[1]));
        });
      }
      expect(sorted(other)).toEqual(sorted(model));
    }),
    { numRuns: rounds(100, 3000) },
  );
});

function sorted(model: Model): readonly Shape[] {
  return view(model).get();
}

test("with 10 000 tasks, a change of one is shown in less than 5 ms", () => {
  const model = newModel();
  model.change((state) => {
    for (let at = 1; at <= 10_000; at++)
      state.touch(state.rows.put("task", at, task(at, { list_id: 20_000 + (at % 10) })));
  });
  const views = [view(model), view(model, { list: 20_003 }), view(model, { limit: 50 })];
  let told = 0;
  for (const one of views) one.subscribe(() => told++);
  const times: number[] = [];
  for (let seq = 1; seq <= 51; seq++) {
    const op: Op = { op: "update", type: "task", id: seq * 10 + 3, patch: { title: `New ${seq}` }, base: {} };
    const began = performance.now();
    model.change(({ unstored }) => unstored.set(`w${seq}`, write(0, op)));
    times.push(performance.now() - began);
  }
  expect(told).toBeGreaterThan(100);
  expect(times.sort((a, b) => a - b)[25]).toBeLessThan(5);
});

test("with 10 000 tasks and 50 moves that wait, a change is tried and shown in less than 5 ms", () => {
  const model = newModel();
  model.change((state) => {
    for (let at = 1; at <= 10_000; at++) state.touch(state.rows.put("task", at, task(at)));
  });
  view(model).subscribe(() => undefined);
  const add = (seq: number, op: Op): void => {
    model.preview();
    model.change(({ unstored }) => unstored.set(`w${seq}`, write(0, op)));
    model.change(({ unstored, stored }) => {
      for (const [id, one] of unstored) stored.set(id, { ...one, seq });
      unstored.clear();
    });
  };
  for (let seq = 1; seq <= 50; seq++) add(seq, { op: "move", type: "task", id: seq, place: { after: 5000 + seq } });
  const times: number[] = [];
  for (let seq = 51; seq <= 71; seq++) {
    const began = performance.now();
    add(seq, { op: "update", type: "task", id: 9000, patch: { title: `New ${seq}` }, base: {} });
    times.push(performance.now() - began);
  }
  expect(times.sort((one, other) => one - other)[10]).toBeLessThan(5);
});

test.each<[Row, number[]]>([
  [{ to: "first" }, [3, 1, 2, 4]],
  [{ to: "last" }, [1, 2, 4, 3]],
  [{ after: 1 }, [1, 3, 2, 4]],
  [{ before: 2 }, [1, 3, 2, 4]],
  [{ after: 4 }, [1, 2, 4, 3]],
  [{ before: 1 }, [3, 1, 2, 4]],
  [{ after: 9, otherwise: "first" }, [3, 1, 2, 4]],
  [{ before: 9, otherwise: "last" }, [1, 2, 4, 3]],
])("a task is shown where it was moved: %j", (place, order) => {
  for (const home of [{}, { list_id: 20 }, { list_id: 20, parent_id: 8 }]) {
    const model = newModel();
    model.change((state) => {
      for (const at of [1, 2, 3, 4]) state.touch(state.rows.put("task", at, task(at, home)));
      for (const at of [8, 9]) state.touch(state.rows.put("task", at, task(at, { list_id: at + 12 })));
      state.stored.set("w1", write(1, { op: "move", type: "task", id: 3, place }));
    });
    expect(
      view(model)
        .get()
        .map(({ id }) => Number(id))
        .filter((one) => one < 5),
    ).toEqual(order);
  }
});
