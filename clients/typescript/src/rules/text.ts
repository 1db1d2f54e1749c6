// Characters as the service sees them: code points, its white space, its way to ignore case.

import type { Fault } from "./errors.ts";

/** White space, as the inside of a character class. It is not what `\s` matches in JavaScript. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
/** Letters, digits and the underscore, as the inside of a character class. */
export const WORD = "\\p{L}\\p{N}_";

const INVISIBLE =
  `${SPACE}\\0-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f` +
  "\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\u{13430}-\\u{1343f}" +
  "\\u{1bca0}-\\u{1bca3}\\u{1d159}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";
const BLANK = new RegExp(`^[${INVISIBLE}]*$`, "u");
const RUN_OF_SPACE = new RegExp(`[${SPACE}]+`);
const LEADING = new RegExp(`^[${SPACE}]+`);
const TRAILING = new RegExp(`[${SPACE}]$`);

/** Whether the text has no visible character. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

export function trimStart(text: string): string {
  return text.replace(LEADING, "");
}

export function trimEnd(text: string): string {
  let end = text.length;
  while (end && TRAILING.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

export function trim(text: string): string {
  return trimEnd(trimStart(text));
}

/** The words between white space. */
export function split(text: string): string[] {
  return text.split(RUN_OF_SPACE).filter(Boolean);
}

/** The number of code points. */
export function length(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** What is the same for names that differ only in case or in how Unicode composes their characters. */
export function folded(name: string): string {
  return Array.from(name.normalize("NFC"), caseless).join("").normalize("NFC");
}

// Case folding of Unicode, for one character: also ẞ becomes ss. The dotless ı is a letter of its own.
function caseless(character: string): string {
  return character === "ı" ? character : character.toLowerCase().toUpperCase().toLowerCase();
}

/** In lower case, with as many code points as before. */
export function lower(text: string): string {
  return Array.from(text, (one) => (length(one.toLowerCase()) === 1 ? one.toLowerCase() : one)).join("");
}

/** Compare by code points, as the service orders texts. */
export function compareText(one: string, other: string): number {
  for (let at = 0; at < one.length && at < other.length; at++) {
    const difference = inOrder(one.charCodeAt(at)) - inOrder(other.charCodeAt(at));
    if (difference) return difference;
  }
  return one.length - other.length;
}

// Surrogates stand for code points above all others.
function inOrder(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/** The fault of a text that the service can't store. */
export function textFault(field: string, text: string): Fault | undefined {
  const what = text.includes("\0") ? "the NUL character" : /\p{Cs}/u.test(text) ? "lone surrogates" : "";
  const message = `${label(field)} must not contain ${what}`;
  return what ? { field, code: "unsupported_text", message } : undefined;
}

/** The faults of a name: a trimmed text with a visible character. */
export function nameFaults(field: string, text: string, most: number): Fault[] {
  const trimmed = trim(text);
  if (isBlank(trimmed)) return [{ field, code: "required", message: `${label(field)} is required` }];
  const message = `${label(field)} must be ${most} characters or less`;
  if (length(trimmed) > most) return [{ field, code: "too_long", message }];
  return [textFault(field, trimmed)].filter((fault) => fault !== undefined);
}

function label(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}
