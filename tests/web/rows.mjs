// Changes a list of tasks many times, and compares the rows and their places with those of a new list: `node rows.mjs`.

import assert from "node:assert/strict";
import { open } from "./sources.mjs";

const { load, close } = await open();
const { Tree } = await load("/src/tasks/tree.ts");
const { Offsets } = await load("/src/tasks/offsets.ts");

let seed = 7;
const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
let next = 0;
const made = (tasks) => ({
  uid: `u${++next}`,
  ...(random(3) && { id: next }),
  ...(!random(4) && tasks.length && { parent_id: nameOf(tasks[random(tasks.length)]) }),
});
const nameOf = ({ id, uid }) => id ?? uid;
const ACTS = [
  (tasks, at) => tasks.splice(at, 0, made(tasks)),
  (tasks, at) => tasks.splice(at, 1),
  (tasks, at) => tasks.length && (tasks[at] = { ...tasks[at], due: random(2) ? { date: "2026-12-01" } : undefined }),
  (tasks, at) => tasks.length && (tasks[at] = { ...tasks[at], parent_id: undefined }),
  (tasks, at) => tasks.splice(at, 0, ...tasks.splice(random(tasks.length + 1), 2)),
];

for (let round = 0; round < 200; round++) {
  const [tree, offsets, heights] = [new Tree(), new Offsets(), new Map()];
  let [tasks, folded] = [[], new Set()];
  for (let step = 0; step < 30; step++) {
    tasks = [...tasks];
    ACTS[random(ACTS.length)](tasks, random(tasks.length || 1));
    if (!random(6) && tasks.length) folded = new Set([tasks[random(tasks.length)].uid]);
    const isTree = random(5) > 0;
    const rows = tree.rowsOf(tasks, isTree, folded);
    assert.deepEqual(rows, new Tree().rowsOf(tasks, isTree, folded));
    const row = rows[random(rows.length || 1)];
    if (row && !random(3)) {
      const height = 40 + random(3) * 10;
      offsets.measure(row.task.uid, row.task.due ? "meta" : "plain", height);
      heights.set(row.task.uid, height);
    }
    const places = offsets.follow(rows);
    const measured = new Float64Array(rows.length + 1);
    rows.forEach(({ task }, at) => {
      const height = places[at + 1] - places[at];
      if (heights.has(task.uid)) assert.equal(height, heights.get(task.uid));
      measured[at + 1] = measured[at] + height;
    });
    assert.deepEqual(places, measured);
  }
}

// With 10 000 tasks, a change of one makes one new row.
const many = Array.from({ length: 10_000 }, (_, at) => ({ uid: `m${at}`, id: at + 1, ...(at % 3 && { parent_id: at - (at % 3) + 1 }) }));
for (const tasks of [many, many.map(({ uid, id }) => ({ uid, id }))]) {
  const tree = new Tree();
  const first = tree.rowsOf(tasks, true, new Set());
  const changed = tasks.with(5000, { ...tasks[5000], title: "New" });
  const second = tree.rowsOf(changed, true, new Set());
  assert.equal(second.filter((row, at) => row !== first[at]).length, 1);
}
await close();
