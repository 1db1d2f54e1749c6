import { expect, test } from "vitest";
import { uuid } from "../../src/store/uuid.ts";

test("ids are UUIDs of version 7, all different, and in the order in which they were made", () => {
  const made = Array.from({ length: 3_000 }, uuid);
  for (const one of made) expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(made).size).toBe(made.length);
  expect([...made].sort()).toEqual(made);
  const first = made[0]?.replace("-", "").slice(0, 12) ?? "";
  expect(Math.abs(parseInt(first, 16) - Date.now())).toBeLessThan(10_000);
});
