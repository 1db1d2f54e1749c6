// A device whose clock is a year off, and jumps: what the service forgets in the meantime makes nothing twice.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as rules from "../../src/rules/index.ts";
import { newUser, tokenOf } from "../service.ts";
import { Device, heldBy, service, shownBy } from "./harness.ts";

let device: Device;
beforeEach(() => (device = new Device(newUser())));
afterEach(async () => {
  vi.useRealTimers();
  await device.close();
});

const DAY = 86_400_000;

test.each([
  ["behind", -366, 366],
  ["behind, and falls back further", -366, -366],
  ["ahead", 366, -366],
  ["ahead, and jumps on", 366, 366],
])(
  "a clock a year %s: each change counts once, though every answer is lost and every key forgotten",
  async (_, off, jump) => {
    const [fresh, expired] = [tokenOf(device.user), tokenOf(device.user, -3600)];
    const real = Date.now();
    vi.useFakeTimers({ now: real + off * DAY, toFake: ["Date"] });
    const tokens = [expired, fresh, expired];
    let asked = 0;
    const token = async (): Promise<string> => (asked++, tokens.shift() ?? fresh);
    const { store } = device.open({ token, rules: Promise.resolve(rules) });
    const { tasks, lists, labels } = store;
    const recurrence = { rule: "FREQ=DAILY", basis: "schedule" } as const;
    const add = (title: string, more: object = {}): string => tasks.add({ title, ...more }).uid;
    const due = { date: "2030-01-01" };
    const [milk, bread, sweep] = [add("Milk"), add("Bread", { labels: ["cold"] }), add("Sweep", { due, recurrence })];
    const [mop, last] = [
      add("Mop", { due, recurrence }),
      add("Last", { due, recurrence: { ...recurrence, rule: "FREQ=DAILY;COUNT=1" } }),
    ];
    const gone = add("Gone");
    await store.sync();

    const lost = new Set<string>();
    device.network.requests.length = 0;
    device.network.fault = (request) => {
      const { key = "" } = device.network.requests.at(-1) ?? {};
      if (request.method === "GET" || lost.has(key)) return null;
      lost.add(key);
      return "lost";
    };
    device.network.after = async ({ method }) => {
      if (method === "GET") return;
      device.network.forgotten++;
      vi.setSystemTime(real + (off + jump) * DAY);
    };
    const changes = [
      tasks.add({ title: "Tea" }),
      tasks.update(milk, { title: "Oat milk", priority: "high" }),
      tasks.complete(sweep),
      tasks.skip(mop),
      tasks.complete(last),
      tasks.complete(bread),
      tasks.reopen(bread),
      tasks.move(milk, { after: bread }),
      tasks.remove(gone),
      lists.add({ name: "Home" }),
      labels.update(labels.query().get()[0]?.uid ?? "", { name: "frozen" }),
      store.transact("Several", () => {
        const above = tasks.add({ title: "Above" });
        tasks.add({ title: "Below", parent_id: above.uid });
        tasks.complete(sweep);
      }),
    ];
    await store.sync();
    vi.useRealTimers();
    for (const { outcome } of changes) expect(await outcome).toBe("done");
    expect(store.conflicts.get()).toEqual([]);
    expect(shownBy(store)).toEqual(await heldBy(device.user));
    const held = (await service(device.user).get("/tasks")).body;
    const titles = held.map(({ title }) => title).sort();
    expect(titles).toEqual(["Above", "Below", "Bread", "Last", "Mop", "Oat milk", "Sweep", "Tea"]);
    const dueOf = (title: string): unknown => held.find((task) => task.title === title)?.due;
    expect([dueOf("Sweep"), dueOf("Mop")]).toMatchObject([{ date: "2030-01-03" }, { date: "2030-01-02" }]);
    expect(held.find(({ title }) => title === "Last")?.status).toBe("complete");
    // Each request goes out again, and once more with another key if the service does not believe its time.
    expect(device.network.writes.length).toBeLessThanOrEqual(3 * changes.length);
    expect(asked).toBeLessThan(6);
  },
);

test("an undo counts once, though its answer is lost and its key forgotten: then it is a conflict", async () => {
  const { store } = device.open();
  const sweep = store.tasks.add({
    title: "Sweep",
    due: { date: "2030-01-01" },
    recurrence: { rule: "FREQ=DAILY", basis: "schedule" },
  });
  await store.sync();
  const done = store.tasks.complete(sweep.uid);
  await done.outcome;
  let left = 1;
  device.network.fault = ({ method }) => (method !== "GET" && left-- > 0 ? "lost" : null);
  device.network.after = async ({ method }) => void (method !== "GET" && device.network.forgotten++);
  const undone = store.undo(done);
  expect(await undone?.outcome).toMatchObject({ error: { code: "changed_since" } });
  await store.sync();
  expect(store.tasks.get(sweep.uid).get()).toMatchObject({ due: { date: "2030-01-01" } });
  expect(shownBy(store)).toEqual(await heldBy(device.user));
});
