// Random values that several tests make.

import fc from "fast-check";

import { rounds } from "../service.ts";

/** For tests that do much when ROUNDS is full, in milliseconds. */
export const TIMEOUT = rounds(60_000, 600_000);

export const oneOf = <const T>(...values: T[]) => fc.constantFrom(...values);

/** A value in one of `one` cases, else undefined. */
export function sometimes<T>(value: fc.Arbitrary<T>, one = 2): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: one - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}
