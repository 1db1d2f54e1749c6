// The title: what is left of a sentence.

import { isBlank, SPACE, trim, trimEnd, trimStart } from "../text.ts";
import { CLOSING } from "./language.ts";

const SEPARATORS = ",;:–—-";
const LEADING = new RegExp(`^[.!?${SEPARATORS}]+(?:[${SPACE}]+|$)`);
const ONLY_SEPARATORS = new RegExp(`^[${SEPARATORS}]*$`);
const CLOSES = new RegExp(`^[${CLOSING}]`, "u");
const TRAILING = /(?:[,;:]| [-–—])$/;

interface Cut {
  readonly start: number;
  readonly end: number;
}

/** The text without the spans, and without the backslashes at `escapes`. Both are in order. */
export function rest(text: string, spans: readonly Cut[], escapes: readonly number[]): string {
  const cuts = [
    ...spans.map(({ start, end }) => ({ start, end, isSpan: true })),
    ...escapes.map((start) => ({ start, end: start + 1, isSpan: false })),
  ].sort((one, other) => one.start - other.start);
  const pieces: string[] = [];
  let [piece, at] = ["", 0];
  for (const { start, end, isSpan } of cuts) {
    piece += text.slice(at, start);
    at = end;
    if (!isSpan) continue;
    pieces.push(piece);
    piece = "";
  }
  return joined([...pieces, piece + text.slice(at)].map(trim));
}

/** Whether this has nothing but punctuation. An emoji is a title. */
export function isMissing(title: string): boolean {
  return isBlank(stripPunctuation(title));
}

/** The text without ASCII punctuation and white space around it. */
export function stripPunctuation(text: string): string {
  const letter = /[^!-/:-@[-`{-~ \t-\r]/;
  const first = text.search(letter);
  if (first < 0) return "";
  let end = text.length;
  while (!letter.test(text.charAt(end - 1))) end--;
  return text.slice(first, end);
}

// Join what stood around the spans. Brackets around a span go with it, and so do commas that separated it.
function joined([first = "", ...others]: string[]): string {
  let title = first;
  for (const other of others) {
    let piece = title ? other : other.replace(LEADING, "");
    if (/[([]$/.test(title) && /^[)\]]/.test(piece)) {
      title = trimEnd(title.slice(0, -1));
      piece = trimStart(piece.slice(1));
    }
    if (ONLY_SEPARATORS.test(piece)) continue;
    title = CLOSES.test(piece) ? trimmed(title) + piece : trimStart(`${title} ${piece}`);
  }
  return others.length && ONLY_SEPARATORS.test(others.at(-1) ?? "") ? trimmed(title) : title;
}

function trimmed(title: string): string {
  let text = title;
  while (TRAILING.test(text)) text = trimEnd(text.slice(0, -1));
  return text;
}
