import { describe, expect, test } from "vitest";

import { matcher, newestFirst, parseFilter, search, searched, sorter, type Task } from "../../src/rules/index.ts";
import { viewer } from "./given.ts";

const titles = (tasks: readonly Task[]) => tasks.map((task) => task.title);

describe("A search", () => {
  const oat = { title: "Oat milk", description: "for the café", labels: ["Große Einkäufe"] };

  test.each(["oat", "MILK oat", "cafe", "grosse", "einkauf", "mil", "milk, oat!"])("finds words: %s", (words) => {
    expect(search(words)(oat)).toBe(true);
  });

  test.each(["mi", "mil oat", "ilk", "caf milk", "oats"])("does not find parts of words: %s", (words) => {
    expect(search(words)(oat)).toBe(false);
  });

  test("finds parts of words where no task has the words", () => {
    const cakes = { title: "Oatcakes" };
    expect(titles(searched("at", [oat, cakes]))).toEqual(["Oat milk", "Oatcakes"]);
    expect(titles(searched("oa", [oat, cakes, { title: "Oa" }]))).toEqual(["Oa"]);
    expect(search("++", [oat])({ title: "C++" })).toBe(true);
    const world = { lists: [], labels: [] };
    const finds = (tasks: Task[]) => matcher(parseFilter("search: ilk"), viewer(), { ...world, tasks })(oat);
    expect([finds([oat]), finds([oat, { title: "Ilk" }])]).toEqual([true, false]);
  });

  test("has those with the words in the title first, among the newest 500", () => {
    const at = (minute: number) => new Date(1_795_000_000_000 + minute * 60_000).toISOString();
    const tasks = Array.from({ length: 502 }, (_, minute) => ({
      id: minute,
      title: minute % 100 === 1 ? `Milk ${minute}` : `Shop ${minute}`,
      description: "milk",
      created_at: at(minute),
    }));
    const found = titles(searched("milk", tasks));
    const best = ["Milk 501", "Milk 401", "Milk 301", "Milk 201", "Milk 101"];
    expect(found.slice(0, 7)).toEqual([...best, "Shop 500", "Shop 499"]);
    expect(found.slice(-3)).toEqual(["Shop 2", "Milk 1", "Shop 0"]);
  });
});

describe("An order", () => {
  const tasks: Task[] = [
    { id: 1, title: "b", due: { date: "2026-12-01" }, priority: "low", created_at: "2026-11-01T00:00:00.000000Z" },
    { id: 2, title: "A", due: { date: "2026-12-01", time: "09:00" }, created_at: "2026-11-02T00:00:00.000000Z" },
    { id: 9007199254740993n, title: "\ue000", priority: "high", created_at: "2026-11-03T00:00:00.000000Z" },
    { id: 9007199254740992n, title: "🎈", created_at: "2026-11-03T00:00:00.000000Z" },
    { title: "New" },
  ];
  const order = (sort: string) => titles([...tasks].sort(sorter(sort)));

  test("compares by code points, whole days after times, and ids that are not exact as numbers", () => {
    expect(order("title")).toEqual(["A", "b", "New", "\ue000", "🎈"]);
    expect(order("due")).toEqual(["A", "b", "🎈", "\ue000", "New"]);
    expect(order("-due")).toEqual(["b", "A", "New", "\ue000", "🎈"]);
    expect(order("-priority,title")).toEqual(["\ue000", "b", "A", "New", "🎈"]);
  });

  test("without a name has the newest first, which are those that the service does not have yet", () => {
    expect(titles([...tasks].sort(newestFirst))).toEqual(["New", "\ue000", "🎈", "A", "b"]);
  });
});
