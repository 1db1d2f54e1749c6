// The sentence in the quick-add field: what was understood of it, and which of its words stay plain text.

import type { New, Task } from "doable-client";
import { store } from "../app/store.svelte.ts";

/** A part of the text, in the units of JavaScript's strings. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Mark extends Range {
  readonly field: "due" | "recurrence" | "priority" | "list_id" | "labels";
}

export interface Understood {
  readonly value: New<Task>;
  readonly marks: readonly Mark[];
}

export type Fault = "too_long" | "unsupported_text" | "required";

/** What the sentence means. `plain`: the parts that mean nothing. Throws Invalid, and NeedsRules until the rules are there. */
export function understand(text: string, plain: readonly Range[] = []): Understood {
  let escapes: readonly number[] = [];
  for (;;) {
    const { value, parsed } = store().tasks.quick(escaped(text, escapes));
    const marks = (parsed as readonly Mark[]).map((span) => ({ ...span, ...rangeOf(text, span, escapes) }));
    const unwanted = marks.find((mark) => plain.some((range) => mark.start < range.end && range.start < mark.end));
    if (!unwanted || escapes.includes(unwanted.start)) return { value, marks };
    escapes = [...escapes, unwanted.start].sort((one, other) => one - other);
  }
}

/** Why a sentence was refused, for its person. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error) || !("faults" in error)) return undefined;
  const [fault] = error.faults as readonly { readonly code: Fault }[];
  return fault?.code;
}

/** Where the plain parts are after the text was edited. A part that was edited itself is plain no more. */
export function moved(plain: readonly Range[], old: string, text: string): readonly Range[] {
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
  const shift = text.length - old.length;
  const isWord = (at: number): boolean => /[\p{L}\p{N}]/u.test(text.slice(at, at + 1));
  return plain
    .filter(({ start, end }) => end <= head || start >= old.length - tail)
    .map((range) => (range.end <= head ? range : { start: range.start + shift, end: range.end + shift }))
    .filter(({ start, end }) => !(start > 0 && isWord(start - 1)) && !isWord(end));
}

/** The text cut at its marks. */
export function piecesOf(text: string, marks: readonly Mark[]): { readonly words: string; readonly isMark: boolean }[] {
  const ends = [0, ...marks.map(({ end }) => end)];
  const cut = marks.flatMap(({ start, end }, at) => [
    { words: text.slice(ends[at], start), isMark: false },
    { words: text.slice(start, end), isMark: true },
  ]);
  return [...cut, { words: text.slice(ends.at(-1)), isMark: false }];
}

function escaped(text: string, escapes: readonly number[]): string {
  const cuts = [0, ...escapes, text.length];
  return cuts
    .slice(1)
    .map((end, at) => text.slice(cuts[at], end))
    .join("\\");
}

// A span of the escaped text, in code points, as a part of the text.
function rangeOf(text: string, span: Range, escapes: readonly number[]): Range {
  const characters = Array.from(escaped(text, escapes));
  const at = (place: number): number => {
    const units = characters.slice(0, place).join("").length;
    return units - escapes.filter((escape, index) => escape + index < units).length;
  };
  return { start: at(span.start), end: at(span.end) };
}
