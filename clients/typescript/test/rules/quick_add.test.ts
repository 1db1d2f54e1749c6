import { describe, expect, test } from "vitest";

import { Invalid, type NewTask, quickAdd, type Span, type Viewer } from "../../src/rules/index.ts";
import { caught, viewer } from "./given.ts";
import { hold, vectors } from "./vectors.ts";

interface Sentence extends Omit<NewTask, "list_id"> {
  text: string;
  list_index?: number;
  spans?: Span[];
}
interface Settings {
  now: string;
  time_zone: string;
  date_order: Viewer["dateOrder"];
  week_start: Viewer["weekStart"];
  sentences: Sentence[];
}
const file = vectors<{ lists: string[]; labels: string[]; viewers: Settings[] }>("quick_add");
const world = {
  lists: file.lists.map((name, id) => ({ name, id })),
  labels: file.labels.map((name) => ({ name })),
};

hold(file, {
  lists: (name) => expect(world.lists.map((list) => list.name)).toContain(name), // The sentences name them.
  labels: (name) => expect(world.labels.map((label) => label.name)).toContain(name),
  viewers: ({ now, time_zone, date_order, week_start, sentences }) => {
    const settings = { now: new Date(now), timeZone: time_zone, dateOrder: date_order, weekStart: week_start };
    expect(sentences.length).toBeGreaterThan(0);
    for (const { text, list_index, spans = [], ...value } of sentences) {
      const list = list_index === undefined ? {} : { list_id: list_index };
      expect(quickAdd(text, viewer(settings), world), text).toEqual({ value: { ...value, ...list }, parsed: spans });
    }
  },
});

describe("Quick add", () => {
  test.each([
    ["", "Text is required"],
    [" \u200b ", "Text is required"],
    ["x".repeat(1001), "Text must be 1000 characters or less"],
    ["x".repeat(256), "Title must be 255 characters or less"],
    ["a\0b", "Text must not contain the NUL character"],
    ["a\ud800b", "Text must not contain lone surrogates"],
  ])("refuses %j", (text, message) => {
    const error = caught(() => quickAdd(text, viewer(), world));
    expect(error).toBeInstanceOf(Invalid);
    expect(error).toMatchObject({ message });
  });

  test("makes at most 50 labels of up to 60 characters", () => {
    const labels = Array.from({ length: 51 }, (_, at) => `@label${at}`);
    const { value } = quickAdd(`Do ${labels.join(" ")} @LABEL0`, viewer(), { lists: [], labels: [] });
    expect([value.title, value.labels?.length, value.labels?.[0]]).toEqual(["Do @label50", 50, "label0"]);
    const long = "x".repeat(61);
    expect(quickAdd(`Do @${long} @${long.slice(1)}`, viewer(), { lists: [], labels: [] }).value).toEqual({
      title: `Do @${long}`,
      labels: [long.slice(1)],
    });
  });

  test("counts code points, and takes names in the order of the lists", () => {
    const lists = [
      { id: 2, name: "Home", position: "b" },
      { uid: "x", name: "home", position: "a" },
    ];
    expect(quickAdd("🎈🎈 tomorrow #home", viewer(), { lists, labels: [] })).toEqual({
      value: { title: "🎈🎈", due: { date: "2026-11-28" }, list_id: "x" },
      parsed: [
        { start: 3, end: 11, field: "due" },
        { start: 12, end: 17, field: "list_id" },
      ],
    });
  });
});
