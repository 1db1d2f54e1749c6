// Order keys: the text in `position` that puts an object between its neighbours.
//
//   head    `Z`, before all ids; or an id in hexadecimal, after a letter for the number of its digits: a1 … af, b10 …
//   number  in base 62, after a letter for its sign and the number of its digits: … Zz is minus 1, a is 0, b1 is 1 …
//
// A key is a head, and after it any number of whole numbers. Keys are compared by code points.

import { refuse } from "./errors.ts";

const KEY_MAX = 50; // characters
const FRESH_MAX = 30; // characters of a key after `spreadKeys`
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = 62n;
const STEP = BASE ** 4n - 1n;
const ID_MAX = 2n ** 63n - 1n;
const [LOWER_A, UPPER_Z] = [97, 90]; // their codes
const KEY = /^(?:Z|[a-p][0-9a-f]{1,16})[0-9A-Za-z]*$/;

/** `key` is for the object that moves; `lower` and `upper` are the new keys of its nearest neighbours, in order. */
export interface Spread {
  readonly key: string;
  readonly lower: readonly string[];
  readonly upper: readonly string[];
}

// The keys that begin with `start` and then have a number after `low` and before `high`.
interface Gap {
  readonly start: string;
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * The order key of a new object. A number must be a safe integer: JSON.parse rounds larger ids, so give those as a
 * bigint. Throws Invalid.
 */
export function defaultKey(id: number | bigint): string {
  const isExact = typeof id === "bigint" || Number.isSafeInteger(id);
  if (!isExact) refuse("id", "wrong_type", "This id is not exact as a number");
  const exact = BigInt(id);
  if (exact < 1n || exact > ID_MAX) refuse("id", "wrong_type", "An id is from 1 to 2^63 - 1");
  const number = exact.toString(16);
  return String.fromCharCode(LOWER_A + number.length - 1) + number;
}

/**
 * A key after `before` and before `after`; null if none of 50 characters fits there, which `spreadKeys` mends. Without
 * `before` it is before all default keys; without `after`, before the default keys of all ids to come. Throws Invalid.
 */
export function keyBetween(before: string | null, after: string | null): string | null {
  if (before !== null && before === after) return null;
  const key = middle(gapBetween(before, after));
  return key.length <= KEY_MAX ? key : null;
}

/**
 * Give a few neighbours new keys, so that an object fits between `lower` and `upper`. Both have the neighbours' keys in
 * order, with null where there are no more: at the beginning of `lower`, at the end of `upper`. The outermost entries
 * stay. Returns null if that is not enough: give more. Throws Invalid.
 */
export function spreadKeys(lower: readonly (string | null)[], upper: readonly (string | null)[]): Spread | null {
  for (let reach = 1; reach < 2 * Math.max(lower.length, upper.length); reach = 2 * reach + 1) {
    const found = spreadOver(lower, upper, reach);
    // Some more on both sides: moves are not balanced, and a neighbour left in the middle costs half of the gap.
    if (found) return spreadOver(lower, upper, Math.floor((reach * 3) / 2)) ?? found;
  }
  return null;
}

function spreadOver(
  allLower: readonly (string | null)[],
  allUpper: readonly (string | null)[],
  reach: number,
): Spread | null {
  const [lower, upper] = [allLower.slice(-1 - reach), allUpper.slice(0, reach + 1)];
  const [low, high] = [lower[0] ?? null, upper.at(-1) ?? null];
  if (low !== null && low === high) return null;
  const gap = gapBetween(low, high, 4n * BASE * BigInt(lower.length + upper.length));
  const key = middle(gap);
  const before = lower.slice(1).map((_, at) => keyAt(gap, gap.low + BASE * BigInt(at + 1)));
  const after = upper.slice(1).map((_, at) => keyAt(gap, gap.high - BASE * BigInt(upper.length - 1 - at)));
  const isShort = [key, ...before, ...after].every((one) => one.length <= FRESH_MAX);
  return isShort ? { key, lower: before, upper: after } : null;
}

// The first gap between two keys that has `room`.
function gapBetween(low: string | null, high: string | null, room = 2n): Gap {
  const [head, below] = parse(low ?? "Z");
  const [other, above] = parse(high ?? "a0");
  if (low !== null && high !== null && low > high) refuseOrder();
  if (head !== other) return openGap(head, below, 0, room);
  const same = below.findIndex((number, at) => number !== above[at]);
  const first = below[same];
  const second = above[same < 0 ? below.length : same];
  if (second === undefined) return refuseOrder();
  if (first === undefined) return { start: write(head, below), low: second - wide(room), high: second };
  if (second - first < room) return openGap(head, below, same + 1, room);
  return { start: write(head, below.slice(0, same)), low: first, high: second };
}

// The gap after the number at this place, or around 0 if there is none.
function openGap(head: string, below: readonly bigint[], place: number, room: bigint): Gap {
  const low = below[place] ?? -STEP;
  return { start: write(head, below.slice(0, place)), low, high: low + wide(room) };
}

function wide(room: bigint): bigint {
  return room > 2n * STEP ? room : 2n * STEP;
}

function middle(gap: Gap): string {
  const sum = gap.low + gap.high;
  return keyAt(gap, (sum - (sum & 1n)) / 2n);
}

function keyAt(gap: Gap, number: bigint): string {
  return gap.start + writeNumber(number);
}

function write(head: string, numbers: readonly bigint[]): string {
  return head + numbers.map(writeNumber).join("");
}

function writeNumber(number: bigint): string {
  let [length, bound] = [0, 1n];
  for (; bound <= (number < 0n ? -number : number); bound *= BASE) length++;
  // Of negative numbers, a smaller one has smaller digits: those of its difference from the bound.
  let [rest, text] = [number < 0n ? bound + number : number, ""];
  for (let place = 0; place < length; place++, rest /= BASE) text = DIGITS.charAt(Number(rest % BASE)) + text;
  return String.fromCharCode(number < 0n ? UPPER_Z + 1 - length : LOWER_A + length) + text;
}

function parse(key: string): [string, bigint[]] {
  if (!KEY.test(key)) refuseKey(key);
  const end = key.startsWith("Z") ? 1 : key.charCodeAt(0) - LOWER_A + 2;
  const numbers: bigint[] = [];
  for (let at = end; at < key.length;) {
    const sign = key.charCodeAt(at) - LOWER_A;
    const length = sign >= 0 ? sign : UPPER_Z + 1 - key.charCodeAt(at);
    const digits = key.slice(at + 1, at + 1 + length);
    if (digits.length < length || length > 26) refuseKey(key);
    const value = [...digits].reduce((sum, digit) => sum * BASE + BigInt(DIGITS.indexOf(digit)), 0n);
    numbers.push(sign >= 0 ? value : value - BASE ** BigInt(length));
    at += 1 + length;
  }
  return [key.slice(0, end), numbers];
}

function refuseKey(key: string): never {
  refuse("position", "invalid_key", `'${key}' is not an order key`);
}

function refuseOrder(): never {
  refuse("position", "invalid_key", "The first key must come before the second");
}
