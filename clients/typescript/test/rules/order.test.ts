import { describe, expect, test } from "vitest";

import { defaultKey, Invalid, keyBetween, type Spread, spreadKeys } from "../../src/rules/index.ts";
import { caught } from "./given.ts";
import { hold, vectors } from "./vectors.ts";

hold(
  vectors<{
    default: { id: string; key: string }[];
    between: { low: string | null; high: string | null; key: string | null }[];
    spread: { lower: (string | null)[]; upper: (string | null)[]; answer: Spread | null }[];
  }>("order"),
  {
    default: ({ id, key }) => {
      expect(defaultKey(BigInt(id))).toBe(key);
      if (Number.isSafeInteger(Number(id))) expect(defaultKey(Number(id))).toBe(key);
    },
    between: ({ low, high, key }) => expect(keyBetween(low, high)).toBe(key),
    spread: ({ lower, upper, answer }) => expect(spreadKeys(lower, upper)).toEqual(answer),
  },
);

describe("An order key", () => {
  test.each([2 ** 53, 2 ** 60, 0, -1, 1.5, NaN, 2n ** 63n, 0n])("is refused for the id %s", (id) => {
    expect(caught(() => defaultKey(id))).toBeInstanceOf(Invalid);
  });

  test.each([
    ["", null],
    [null, "Z"],
    ["a1", "a0"],
    ["a1b1a", "a1b1"],
    ["a1!", null],
    ["a1z", null],
    ["q1", null],
    [null, "ä"],
  ])("does not come between %j and %j", (before, after) => {
    expect(caught(() => keyBetween(before, after))).toBeInstanceOf(Invalid);
  });

  test("comes between any two others, until they are too long", () => {
    let [low, high] = [defaultKey(5), defaultKey(6)];
    for (let moves = 0; ; moves++) {
      const key = keyBetween(low, high);
      if (key === null) {
        expect(moves).toBeGreaterThan(100);
        break;
      }
      expect(low < key && key < high).toBe(true);
      if (moves % 2) low = key;
      else high = key;
    }
  });
});
