// The names of lists and labels in a sentence, and the words that stay as they are.

import { folded, isBlank, length, lower, SPACE, trim, WORD } from "../text.ts";
import { BEGIN, CLOSING, END } from "./language.ts";
import type { Found, Meaning } from "./meaning.ts";
import { stripPunctuation } from "./title.ts";

const LABEL_MAX = 60;
const TASK_LABELS_MAX = 50;
// Up to five apostrophes may stand between single quotes.
const SINGLE = `'[^']*(?:'(?=[${WORD}])[^']*){0,5}'(?![${WORD}])` + `|‘[^’]*(?:’(?=[${WORD}])[^’]*){0,5}’(?![${WORD}])`;
const QUOTED = `"(?<straight>(?:\\\\.|[^"\\\\])*)"${END}|“(?<curly>(?:\\\\.|[^”\\\\])*)”${END}`;
const BARE = `(?<bare>(?![#@"“])(?:\\\\.|[^${SPACE}])+)`;
const KEPT = new RegExp(
  `${BEGIN}(?:(?<mark>[#@])(?:${QUOTED}|${BARE})|\\\\(?<escaped>[^${SPACE}]+)` +
    `|"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|${SINGLE})`,
  "gsu",
);
const SPECIAL = /^(?:["“„«'‘#@0-9]|p[1-3])/;
const PUNCTUATION = new RegExp(`[${CLOSING}]*$`, "u");

/** A name as written, and where it ends in the text. */
interface Spelling {
  readonly name: string;
  readonly end: number;
}

/** A name after `#` or `@`: as it is, and without the punctuation that follows it if there is some. */
interface Name {
  readonly start: number;
  readonly mark: string;
  readonly spellings: readonly Spelling[];
}

/**
 * The names of a text, and where the backslashes are that keep a word. `others` is the text in lower case, as long as
 * before, with NUL in place of names and words that stay.
 */
interface Kept {
  readonly names: readonly Name[];
  readonly escapes: readonly number[];
  readonly others: string;
}

/** Separate what no phrase can contain. `words` are those that a backslash keeps from being understood. */
export function keep(text: string, words: ReadonlySet<string>): Kept {
  const matches = [...text.matchAll(KEPT)];
  return {
    names: matches.flatMap(named),
    escapes: matches.filter((match) => isSpecial(match.groups?.["escaped"], words)).map((match) => match.index),
    others: lower(text.replace(KEPT, (match) => "\0".repeat(match.length))),
  };
}

/** The lists and labels that the names mean. A label may be new. */
export function findNames(names: readonly Name[], lists: readonly string[], labels: readonly string[]): Found[] {
  const places = new Map(lists.map((name, at) => [folded(name), at] as const).reverse());
  const known = new Map(labels.map((name) => [folded(name), name]));
  const given = new Set<string>();
  return names.flatMap((name) => {
    const found = name.mark === "#" ? foundList(name, places) : foundLabel(name, known);
    const label = found?.meaning.label;
    if (label !== undefined && given.size < TASK_LABELS_MAX) given.add(folded(label));
    return found && (label === undefined || given.has(folded(label))) ? [found] : [];
  });
}

// A backslash before a word without a meaning is part of the title.
function isSpecial(word: string | undefined, words: ReadonlySet<string>): boolean {
  if (word === undefined) return false;
  return SPECIAL.test(word) || (length(word) > 1 && words.has(word.replace(PUNCTUATION, "").toLowerCase()));
}

function named({ 0: all, index, groups = {} }: RegExpExecArray): Name[] {
  const { mark, bare, curly, straight } = groups;
  if (mark === undefined) return [];
  const quoted = { name: curly ?? straight ?? "", end: index + all.length };
  const written = bare === undefined ? [quoted] : spellings(bare, index + 1);
  return [{ start: index, mark, spellings: written.map(({ name, end }) => ({ name: trim(unescaped(name)), end })) }];
}

function spellings(bare: string, start: number): Spelling[] {
  const names = new Set([bare, bare.replace(PUNCTUATION, "")]);
  return Array.from(names, (name) => ({ name, end: start + name.length }));
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/gsu, "$1");
}

function foundList({ start, spellings }: Name, places: ReadonlyMap<string, number>): Found | undefined {
  for (const { name, end } of spellings) {
    const list = places.get(folded(name));
    if (list !== undefined) return found(start, end, { list });
  }
  return undefined;
}

function foundLabel({ start, spellings }: Name, known: ReadonlyMap<string, string>): Found | undefined {
  for (const { name, end } of spellings) {
    const label = known.get(folded(name));
    if (label) return found(start, end, { label });
  }
  const { name: label, end } = spellings.at(-1) ?? { name: "", end: 0 };
  const isValid = !isBlank(stripPunctuation(label)) && length(label) <= LABEL_MAX;
  return isValid ? found(start, end, { label }) : undefined;
}

function found(start: number, end: number, meaning: Meaning): Found {
  return { start, end, meaning, isLastWord: false };
}
