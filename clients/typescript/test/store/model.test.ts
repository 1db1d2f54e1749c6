// Anything can happen, in any order: in the end every copy equals the service, every add is there once, and every
// refusal is among the conflicts.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change, Ref, Store } from "../../src/store/index.ts";
import { newUser, rounds } from "../service.ts";
import { Device, heldBy, service, shownBy, type Tab } from "./harness.ts";
import { Locks } from "./locks.ts";

type Step =
  | { readonly do: "act"; readonly tab: number; readonly what: number; readonly on: number; readonly to: number }
  | { readonly do: "fault"; readonly device: number; readonly kind: keyof typeof FAULTS; readonly count: number }
  | { readonly do: "down" | "up" | "crash" | "open" | "close" | "undo" | "decide" | "wait"; readonly tab: number }
  | { readonly do: "other"; readonly what: number; readonly on: number };

const problem = (status: number, code: string): Response => {
  const body = { type: "/", title: "", status, detail: "", error: "No", code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "retry-after": "0" },
  });
};
const FAULTS = {
  lost: () => "lost",
  late: () => "late",
  broken: () => new Response("<html>", { status: 502 }),
  busy: () => problem(503, "unavailable"),
  limited: () => problem(429, "rate_limited"),
  expired: () => problem(401, "token_expired"),
  forgotten: ({ url }: Request) => (url.includes("cursor=") ? problem(410, "cursor_expired") : null),
} as const satisfies Record<string, (request: Request) => Response | "lost" | "late" | null>;

const tab = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant("act" as const), tab, what: fc.nat(11), on: fc.nat(9), to: fc.nat(9) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      device: fc.nat(1),
      kind: fc.constantFrom(...(Object.keys(FAULTS) as (keyof typeof FAULTS)[])),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("down", "up", "crash", "open", "close", "undo", "decide", "wait"),
      tab,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("other" as const), what: fc.nat(4), on: fc.nat(9) }) },
);

class World {
  readonly user = newUser();
  readonly devices = [new Device(this.user), new Device(this.user)];
  readonly locks = this.devices.map(() => new Locks());
  readonly tabs: (Tab | undefined)[] = [];
  readonly changes: Change[] = [];
  readonly decided = new Set<string>();
  /** The uids of added tasks, by the ids of the changes. */
  readonly added = new Map<string, string>();
  private count = 0;

  constructor() {
    for (let at = 0; at < 4; at++) this.open(at);
  }

  open(at: number): void {
    this.tabs[at] ??= this.devices[at % 2]?.open({}, { locks: this.locks[at % 2]?.manager, patience: 300 });
  }

  async run(one: Step): Promise<void> {
    if (one.do === "act") return this.act(one);
    if (one.do === "other") return this.other(one).catch(() => undefined); // The task is gone already.
    if (one.do === "fault") return this.fault(one);
    const network = this.devices[one.tab % 2]?.network;
    const found = this.tabs[one.tab];
    if (one.do === "open") this.open(one.tab);
    if (network && (one.do === "down" || one.do === "up")) network.isDown = one.do === "down";
    if (one.do === "wait") await new Promise((resolve) => setTimeout(resolve, 30));
    if (one.do === "undo") this.follow(found?.store.undo());
    if (one.do === "decide") await this.decide(found?.store);
    if (one.do !== "close" && one.do !== "crash") return;
    this.tabs[one.tab] = undefined;
    await found?.store.close();
  }

  private follow(change: Change | undefined): void {
    if (change) this.changes.push(change);
  }

  private async decide(store: Store | undefined): Promise<void> {
    const [conflict] = store?.conflicts.get() ?? [];
    if (!conflict) return;
    for (const id of conflict.changes) this.decided.add(id);
    if (this.count++ % 2) this.follow(conflict.keepMine());
    else await conflict.keepTheirs();
  }

  private act({ tab, what, on, to }: Step & { do: "act" }): void {
    const store = this.tabs[tab]?.store;
    if (!store) return;
    const { tasks, lists, labels } = store;
    const pick = (among: { query(): { get(): readonly { readonly uid: string }[] } }, at: number): Ref => {
      const all = among.query().get();
      return all[at % (all.length || 1)]?.uid ?? "nothing";
    };
    const task = pick(tasks, on);
    const other = pick(tasks, to);
    const list = pick(lists, to);
    const title = `Title ${this.count++}`;
    const actions: (() => Change)[] = [
      () => this.remember(tasks.add({ title })),
      () => this.remember(tasks.add({ title, ...(list !== "nothing" && { list_id: list }), labels: ["a", `b${to}`] })),
      () => tasks.update(task, { title }),
      () => tasks.update(task, { priority: to % 2 ? "high" : null, add_labels: [`c${to % 3}`] }),
      () => tasks.complete(task),
      () => tasks.reopen(task),
      () => tasks.remove(task),
      () => tasks.move(task, { after: other }),
      () => tasks.update(task, { parent_id: other }),
      () => lists.add({ name: title }),
      () => (to % 2 ? lists.remove(list) : labels.remove(pick(labels, to))),
      () =>
        store.transact("Several", () => {
          const above = tasks.add({ title });
          tasks.add({ title: `${title}, below`, parent_id: above.uid });
          tasks.update(task, { description: title });
        }),
    ];
    this.follow(actions[what]?.());
  }

  private remember(added: Change & { readonly uid: string }): Change {
    this.added.set(added.id, added.uid);
    return added;
  }

  private fault({ device, kind, count }: Step & { do: "fault" }): void {
    const network = this.devices[device]?.network;
    let left = count;
    if (network)
      network.fault = (request) => (!request.url.includes("/events") && left-- > 0 ? FAULTS[kind](request) : null);
  }

  private async other({ what, on }: Step & { do: "other" }): Promise<void> {
    const api = service(this.user);
    const tasks = (await api.get("/tasks")).body;
    const one = tasks[on % (tasks.length || 1)];
    if (what === 0 || !one) await api.post("/tasks", { body: { title: "By another" } });
    else if (what === 1) await api.delete("/tasks/{id}", { path: { id: one.id } });
    else if (what === 2) await api.patch("/tasks/{id}/complete", { path: { id: one.id } });
    else
      await api.patch("/tasks/{id}", {
        path: { id: one.id },
        body: what === 3 ? { title: "By another" } : { priority: "low" },
      });
  }

  async settle(): Promise<void> {
    for (const { network } of this.devices) {
      network.isDown = false;
      network.fault = () => null;
    }
    for (let at = 0; at < 4; at++) this.open(at);
    for (let round = 0; round < 2; round++) for (const one of this.tabs) await one?.store.sync();
  }

  async check(): Promise<void> {
    const held = await heldBy(this.user);
    for (const one of this.tabs) if (one) expect(shownBy(one.store)).toEqual(held);
    const refused = new Set<string>();
    for (const change of this.changes) if (typeof (await now(change.outcome)) === "object") refused.add(change.id);
    expect([...refused].filter((id) => !this.decided.has(id) && !this.isInConflict(id))).toEqual([]);
    await this.checkAdds();
  }

  private isInConflict(id: string): boolean {
    return this.tabs.some((one) => one?.store.conflicts.get().some((conflict) => conflict.changes.includes(id)));
  }

  // Each is there once, or someone deleted it, or it is in a conflict that someone may have decided.
  private async checkAdds(): Promise<void> {
    const all = await service(this.user).get("/tasks");
    const trash = (await service(this.user).get("/trash")).body;
    for (const change of this.changes) {
      const uid = this.added.get(change.id);
      const outcome = await now(change.outcome);
      if (uid === undefined || outcome === undefined || outcome === "withdrawn") continue;
      const count = all.body.filter((task) => task.uid === uid).length;
      if (typeof outcome === "object") expect(this.decided.has(change.id) || this.isInConflict(change.id)).toBe(true);
      else expect(count === 1 || trash.length > 0).toBe(true);
      expect(count).toBeLessThan(2);
    }
  }

  async close(): Promise<void> {
    for (const device of this.devices) await device.close();
  }
}

/** What a promise has resolved with, if it has. */
function now<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setTimeout(resolve, 0))]);
}

test("whatever happens, the copies agree with the service in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), async (steps) => {
      const world = new World();
      try {
        for (const one of steps) await world.run(one);
        await world.settle();
        await world.check();
      } finally {
        await world.close();
      }
    }),
    { numRuns: rounds(5, 150), endOnFailure: true },
  );
}, 600_000);
