// The inputs and right answers of tests/vectors/, which all implementations of the rules share.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Checks<T> = { [Section in keyof T]: (entry: T[Section] extends readonly (infer One)[] ? One : never) => void };

/** Check every entry of every section of a file. A section that is not in `checks` fails, and so does an empty one. */
export function hold<T extends Record<string, readonly unknown[]>>(file: T, checks: Checks<T>): void {
  test("every section of the vectors is read", () => expect(Object.keys(checks)).toEqual(Object.keys(file)));
  for (const section of Object.keys(file)) {
    const entries = file[section] ?? [];
    const check = checks[section];
    test(`the vectors of ${section} hold`, () => {
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) check?.(entry as never);
    });
  }
}

/** A file of tests/vectors/. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../tests/vectors/${name}.json`, import.meta.url), "utf8")) as T;
}
