import fc from "fast-check";
import { expect, test } from "vitest";

import { Backoff } from "../../src/calls/index.ts";
import { rounds } from "../service.ts";

function waits(backoff: Backoff, times: number): number[] {
  return Array.from({ length: times }, () => backoff.next());
}

test("The waits double up to 15 seconds while the page is visible, and to 5 minutes while it is not", () => {
  let isVisible = true;
  const backoff = new Backoff(
    () => isVisible,
    () => 1,
  );
  expect(waits(backoff, 6)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  isVisible = false;
  expect(waits(backoff, 5)).toEqual([64_000, 128_000, 256_000, 300_000, 300_000]);
  isVisible = true;
  expect(backoff.next()).toBe(15_000);
  backoff.reset();
  expect(backoff.next()).toBe(1000);
});

test("Each wait is somewhere between nothing and the limit", () => {
  const backoff = new Backoff(() => true);
  waits(backoff, 5);
  const many = waits(backoff, 1000);
  expect(Math.min(...many)).toBeLessThan(1000);
  expect(Math.max(...many)).toBeGreaterThan(14_000);
  expect(new Set(many).size).toBeGreaterThan(990);
});

test("A wait is as long as the service asks, and never longer than a timer can be", () => {
  const asked = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(
      asked,
      fc.nat(2000),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (ms, times, isVisible, random) => {
        const backoff = new Backoff(
          () => isVisible,
          () => random,
        );
        waits(backoff, times);
        const wait = backoff.next(ms);
        expect(wait).toBeGreaterThanOrEqual(Math.min(ms, 300_000));
        expect(wait).toBeLessThanOrEqual(Math.max(isVisible ? 15_000 : 300_000, Math.min(ms, 300_000)));
      },
    ),
    { numRuns: rounds(100, 5000) },
  );
});

test("Where there is no page, it counts as visible", () => {
  const backoff = new Backoff(undefined, () => 1);
  expect(Math.max(...waits(backoff, 20))).toBe(15_000);
});
