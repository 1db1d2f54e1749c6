// The service goes back to an older backup, as `doable restore` does it: cursors, revisions and keys are then of a future
// that never was.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser, url } from "../service.ts";
import { Device, eventually, heldBy, service, shownBy, titlesOf } from "../store/harness.ts";

const { PYTHON = "python3" } = process.env;
const folder = mkdtempSync(join(tmpdir(), "restore-"));
const backup = join(folder, "doable.backup");
let running: ChildProcess | undefined;

function doable(...words: string[]): void {
  const { status, stderr } = spawnSync(PYTHON, ["-m", "doable", ...words], { encoding: "utf8" });
  if (status) throw new Error(stderr);
}

async function start(): Promise<void> {
  running = spawn(PYTHON, ["-m", "doable", "serve", "--port", new URL(url).port], { stdio: "ignore" });
  await eventually(() => fetch(url).catch(() => undefined), 60);
}

async function stop(): Promise<void> {
  const ended = new Promise((resolve) => running?.once("exit", resolve));
  running?.kill();
  await ended;
}

beforeAll(start, 60_000);
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

test("after a restore every copy equals the service, and what was not sent arrives once or is a conflict", async () => {
  const [phone, laptop] = [0, 1].map(() => new Device(newUser())) as [Device, Device];
  Object.assign(laptop, { user: phone.user });
  const [one, two, other] = [phone.open().store, phone.open().store, laptop.open().store];
  const stores = [one, two, other];
  const sync = async (): Promise<void> => {
    for (const store of stores) await store.sync();
  };
  const recurrence = { rule: "FREQ=DAILY", basis: "schedule" } as const;
  const milk = one.tasks.add({ title: "Milk", description: "Whole" }).uid;
  const sweep = one.tasks.add({ title: "Sweep", due: { date: "2026-11-30" }, recurrence }).uid;
  const bread = one.tasks.add({ title: "Bread" }).uid;
  await sync();
  doable("backup", backup);

  const eggs = one.tasks.add({ title: "Eggs" });
  await sync();
  other.tasks.update(milk, { title: "Oat milk" });
  other.tasks.complete(sweep);
  other.tasks.remove(bread);
  for (let count = 0; count < 5; count++) other.tasks.update(eggs.uid, { priority: count % 2 ? "low" : "high" });
  await sync();

  // One write is on its way when the service ends: it took effect, and its answer was lost.
  phone.network.fault = ({ method }) => (method === "GET" ? null : "lost");
  const coffee = one.tasks.add({ title: "Coffee" });
  await eventually(async () => (await service(phone.user).get("/tasks")).body.some(({ title }) => title === "Coffee"));
  phone.network.isDown = true;
  const tea = two.tasks.add({ title: "Tea" });
  const renamed = two.tasks.update(milk, { title: "Soy milk" });
  const late = one.tasks.update(eggs.uid, { priority: "medium" });
  const swept = one.tasks.complete(sweep);
  for (const { stored } of [tea, renamed, late, swept]) await stored;
  await stop();
  doable("restore", "--replace", backup);
  await start();
  // The revisions grow past those that the copies know.
  for (let count = 0; count < 20; count++)
    await service(phone.user).post("/tasks", { body: { title: `New ${count}` } });
  phone.network.fault = () => null;
  phone.network.isDown = false;
  await sync();
  await sync();

  for (const { outcome } of [coffee, tea, swept]) expect(await outcome).toBe("done");
  expect(await renamed.outcome).toMatchObject({ error: { status: 412 } });
  expect(await late.outcome).toMatchObject({ error: { code: "task_not_found" } });
  expect(one.conflicts.get()).toMatchObject([{ there: { title: "Milk" } }, { there: null }]);
  const held = await heldBy(phone.user);
  for (const store of stores) {
    await eventually(() => JSON.stringify(shownBy(store)) === JSON.stringify(held));
    expect(store.outbox.get()).toEqual([]);
  }
  const titles = titlesOf(one).filter((title) => !title.startsWith("New"));
  expect(titles.sort()).toEqual(["Bread", "Coffee", "Milk", "Sweep", "Tea"]);
  expect(await one.conflicts.get()[0]?.keepMine().outcome).toBe("done");
  await sync();
  expect(one.tasks.get(milk).get()).toMatchObject({ title: "Soy milk" });
  expect(shownBy(two)).toEqual(await heldBy(phone.user));
  for (const device of [phone, laptop]) await device.close();
});
