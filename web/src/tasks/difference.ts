// What differs between two arrays that are mostly the same.

export interface Difference {
  /** Before it, both are the same. */
  readonly start: number;
  /** From these places on, both are the same again. */
  readonly endBefore: number;
  readonly endNow: number;
}

export function differenceOf<T>(
  before: readonly T[],
  now: readonly T[],
  isSame = (one: T, other: T): boolean => one === other,
): Difference {
  let start = 0;
  const shortest = Math.min(before.length, now.length);
  while (start < shortest && isSame(before[start] as T, now[start] as T)) start++;
  let [endBefore, endNow] = [before.length, now.length];
  while (endBefore > start && endNow > start && isSame(before[endBefore - 1] as T, now[endNow - 1] as T)) {
    endBefore--;
    endNow--;
  }
  return { start, endBefore, endNow };
}
