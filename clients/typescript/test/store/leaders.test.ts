// Two tabs of one profile that both lead, are killed or freeze at any moment, lose answers or get them twice: every change
// counts once.

import { IDBFactory } from "fake-indexeddb";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as rules from "../../src/rules/index.ts";
import { IndexedDBStorage } from "../../src/store/indexeddb.ts";
import type { Change, Outcome, Storage } from "../../src/store/index.ts";
import { newUser, rounds } from "../service.ts";
import { Device, heldBy, service, shownBy, type Tab } from "./harness.ts";

const DAYS = 6;
const KINDS = [
  "complete",
  "skip",
  "add",
  "rename",
  "freeze",
  "thaw",
  "kill",
  "lost",
  "late",
  "forget",
  "pass",
] as const;
type Step = { readonly do: (typeof KINDS)[number]; readonly tab: number; readonly on: number };
const step: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom(...KINDS), tab: fc.nat(1), on: fc.nat(2) });

/** What a tab does stands still while it is frozen, and for ever when it is dead. */
class Life {
  private thawed: Promise<void> = Promise.resolve();
  private thaw: () => void = () => undefined;
  isDead = false;

  freeze(): void {
    this.thaw();
    this.thawed = new Promise((resolve) => (this.thaw = resolve));
  }

  wake(): void {
    if (!this.isDead) this.thaw();
  }

  end(): void {
    this.freeze();
    this.isDead = true;
  }

  alive = (): Promise<void> => this.thawed;
}

/** A storage whose tab can freeze before and after each transaction. */
function mortal(inner: Storage, life: Life): Storage {
  return {
    run: async (mode, work) => {
      await life.alive();
      const result = await inner.run(mode, work);
      await life.alive();
      return result;
    },
    destroy: () => inner.destroy(),
    close: () => inner.close(),
  };
}

interface Page {
  readonly life: Life;
  readonly device: Device;
  readonly tab: Tab;
}

class World {
  readonly user = newUser();
  readonly database = new IDBFactory();
  readonly pages: Page[] = [];
  readonly all: Page[] = [];
  readonly daily: string[] = [];
  readonly plain: string[] = [];
  /** The occurrences that were completed or skipped, by the uid of the task and its day. */
  readonly acts = new Map<string, Change[]>();
  readonly adds: { readonly title: string; readonly change: Change }[] = [];
  private count = 0;

  async begin(): Promise<void> {
    for (let at = 0; at < 2; at++) this.open(at);
    const { tasks } = this.pages[0]!.tab.store;
    for (let at = 0; at < 3; at++) {
      const recurrence = { rule: `FREQ=DAILY;COUNT=${DAYS - 2 * at}`, basis: "schedule" } as const;
      this.daily.push(tasks.add({ title: `Daily ${at}`, due: { date: "2030-01-01" }, recurrence }).uid);
      this.plain.push(tasks.add({ title: `Plain ${at}` }).uid);
    }
    for (const { tab } of this.pages) await tab.store.sync();
  }

  // A leader says nothing to the other tab that its channel does not, and each tab leads, as when one thawed a moment ago.
  private open(at: number): void {
    const life = new Life();
    const device = new Device(this.user, this.database);
    device.network.before = life.alive;
    device.network.after = life.alive;
    const storage = mortal(new IndexedDBStorage(this.database, this.user), life);
    const tab = device.open({ storage, rules: Promise.resolve(rules) });
    this.all.push((this.pages[at] = { life, device, tab }));
  }

  async run({ do: what, tab: at, on }: Step): Promise<void> {
    const { life, device, tab } = this.pages[at]!;
    const { network } = device;
    const { tasks } = tab.store;
    if (what === "freeze") life.freeze();
    if (what === "thaw") life.wake();
    if (what === "forget") network.forgotten++;
    if (what === "pass") await new Promise((resolve) => setTimeout(resolve, 20));
    if (what === "lost" || what === "late") {
      let left = on + 1;
      network.fault = ({ method }) => (method !== "GET" && left-- > 0 ? what : null);
    }
    if (what === "kill") {
      life.end();
      void tab.store.close();
      this.open(at);
    }
    if (what === "rename") tasks.update(this.plain[on]!, { priority: this.count++ % 2 ? "high" : "low" });
    if (what === "add") {
      const title = `Added ${this.count++}`;
      this.adds.push({ title, change: tasks.add({ title }) });
    }
    if (what === "complete" || what === "skip") this.act(tab, what, this.daily[on]!);
  }

  private act({ store }: Tab, what: "complete" | "skip", uid: string): void {
    const { recurrence, status } = store.tasks.get(uid).get() ?? {};
    if (!recurrence || status === "complete") return;
    const name = `${uid} ${recurrence.anchor}`;
    this.acts.set(name, [...(this.acts.get(name) ?? []), store.tasks[what](uid)]);
  }

  async settle(): Promise<void> {
    for (const { life, device } of this.pages) {
      life.wake();
      device.network.fault = () => null;
    }
    for (let round = 0; round < 2; round++) for (const { tab } of this.pages) await tab.store.sync();
  }

  async check(): Promise<void> {
    const held = await heldBy(this.user);
    for (const { tab } of this.pages) {
      expect(shownBy(tab.store)).toEqual(held);
      expect(tab.store.outbox.get()).toEqual([]);
      expect(tab.store.conflicts.get()).toEqual([]);
    }
    await this.checkAdds();
    for (const uid of this.daily) await this.checkOccurrences(uid);
  }

  private async checkAdds(): Promise<void> {
    const titles = (await service(this.user).get("/tasks")).body.map(({ title }) => title);
    for (const { title, change } of this.adds) {
      const count = titles.filter((one) => one === title).length;
      expect(count, title).toBeLessThan(2);
      if ((await now(change.stored.then(() => "stored" as const))) === "stored") expect(count, title).toBe(1);
    }
  }

  // Each occurrence that someone has completed or skipped has passed, once, and no other has.
  private async checkOccurrences(uid: string): Promise<void> {
    const task = (await service(this.user).get("/tasks")).body.find((one) => one.uid === uid);
    const passed = Date.parse(task?.due?.date ?? "") / 86_400_000 - Date.parse("2030-01-01") / 86_400_000;
    const days = DAYS - 2 * this.daily.indexOf(uid);
    const acted = [...this.acts].filter(([name]) => name.startsWith(uid));
    const certain: string[] = [];
    for (const [name, changes] of acted) {
      const outcomes = await Promise.all(changes.map(({ outcome }) => now<Outcome>(outcome)));
      if (outcomes.includes("done")) certain.push(name);
    }
    const count = task?.status === "complete" ? days : passed;
    expect(count, uid).toBeLessThanOrEqual(acted.length);
    expect(count, uid).toBeGreaterThanOrEqual(certain.length);
  }

  async close(): Promise<void> {
    for (const { life, tab } of this.all) {
      if (!life.isDead) await tab.store.close();
    }
  }
}

/** What a promise has resolved with, if it has. */
function now<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise.catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(resolve, 0))]);
}

test("two leaders that die, freeze and hear nothing do everything once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const world = new World();
      try {
        await world.begin();
        for (const one of steps) await world.run(one);
        await world.settle();
        await world.check();
      } finally {
        await world.close();
      }
    }),
    { numRuns: rounds(8, 200), endOnFailure: true },
  );
}, 600_000);
