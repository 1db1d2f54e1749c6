import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { createStore, type Item, type Task } from "../../src/store/index.ts";
import { newUser, tokenOf, url } from "../service.ts";
import { eventually } from "./harness.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the ten lines of the README are those of this file", () => {
  const here = readFileSync(new URL(import.meta.url), "utf8").replace(/^ +/gm, "");
  const [, code = ""] = /```ts\n(.*?)```/s.exec(readme.slice(readme.indexOf("## The store"))) ?? [];
  expect(code.trim().split("\n").length).toBeLessThanOrEqual(10);
  expect(here).toContain(code.replace(/^import .*\n\n/, ""));
});

test("ten lines give a live list", async () => {
  const user = newUser();
  const token = async (): Promise<string> => tokenOf(user);
  const shown: string[][] = [];
  const show = (items: readonly Item<Task>[]): void =>
    void shown.push(items.map(({ title, status }) => `${title}: ${status}`));

  const store = createStore({ url, user, token });
  const tasks = store.tasks.query({ list: "inbox" });
  tasks.subscribe(show);
  show(tasks.get());

  const milk = store.tasks.add({ title: "Milk" });
  store.tasks.complete(milk.uid);
  store.undo();

  await eventually(() => shown.at(-1)?.[0] === "Milk: incomplete" && shown.length > 2);
  await store.sync();
  expect(shown).toContainEqual(["Milk: complete"]);
  expect(tasks.get()).toMatchObject([{ title: "Milk", status: "incomplete", pending: false }]);
  expect(store.status.get()).toMatchObject({ storage: "memory", phase: "live" });
  await store.close();
});

test("the store is as small as the README says", async () => {
  const entry = fileURLToPath(new URL("../../src/store/index.ts", import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, minify: true, format: "esm", write: false });
  const kilobytes = gzipSync(bundle.outputFiles[0]?.contents ?? "").length / 1000;
  expect(readme).toContain(`The store takes ${Math.round(kilobytes)} KB, compressed`);
});
