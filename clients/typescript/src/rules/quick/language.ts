// A language: its words, and its phrases as regular expressions.

import { SPACE, trim, WORD } from "../text.ts";

// Marks of direction, which some keyboards write around words.
const MARKS = "\\u200e\\u200f\\u061c\\u2066\\u2067\\u2068\\u2069";
/** What can stand around a word, as the inside of a character class. */
export const OPENING = `(\\[${MARKS}`;
export const CLOSING = `,.;:!?…)\\]${MARKS}`;
/** The place where a word begins or ends. */
export const BEGIN = `(?<![^${SPACE}${OPENING}])`;
export const END = `(?=[${CLOSING}]*(?:[${SPACE}]|$))`;
const LETTERS = "[\\p{L}\\p{Nl}\\p{No}]+";
const FIRST_WORD = new RegExp(`${BEGIN}(?:${LETTERS}|[0-9])`, "gu"); // the beginning of a word, up to a digit or a sign

/** The parts of a phrase by name, without those that are missing. */
export type Words = Readonly<Record<string, string | undefined>>;
export type Numbers = ReadonlyMap<string, number>;

/** Words in lower case, and phrases in order of precedence, with the name that says how to read its groups. */
export interface Language {
  readonly weekdays: Numbers; // 0 is Monday
  readonly months: Numbers;
  readonly numbers: Numbers; // -1 is the last
  readonly units: ReadonlyMap<string, string>; // day, week, month, year, hour or minute
  readonly days: Numbers; // from today
  readonly starts: ReadonlySet<string>; // words that begin a phrase, or the letters in p1
  readonly inside: ReadonlySet<string>; // words after which a date or a time belongs to the sentence
  readonly feasts: ReadonlySet<string>; // words that make a weekday another day
  readonly joints: ReadonlySet<string>; // what joins two dates to a range or a list
  readonly phrases: readonly (readonly [name: string, text: string])[];
}

/** A phrase of a text. `isInside`: the word before makes it mean nothing. */
export interface Phrase {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly words: Words;
  readonly isInside: boolean;
}

type Finder = (text: string) => Phrase[];

export function oneOf(words: Iterable<string>): string {
  return `(?:${[...words].join("|")})`;
}

/** Return what finds the phrases of a text in lower case, in order. In a phrase, a blank is a bit of white space. */
export function phraseFinder(language: Language): Finder {
  const patterns = language.phrases.map(([name, text]) => ({ name, pattern: compiled(text) }));
  const match = (text: string, start: number, isInside: boolean): Phrase | undefined => {
    for (const { name, pattern } of patterns) {
      pattern.lastIndex = start;
      const found = pattern.exec(text);
      if (found) return { name, start, end: start + found[0].length, words: found.groups ?? {}, isInside };
    }
    return undefined;
  };
  return (text) => {
    const phrases: Phrase[] = [];
    let before: { word: string; end: number } | undefined;
    let end = 0;
    for (const { 0: word, index } of text.matchAll(FIRST_WORD)) {
      if (index < end) continue;
      const isInside = before && !trim(text.slice(before.end, index)) && isWithin(before.word, word, language);
      const phrase =
        language.starts.has(word) || /[0-9]/.test(word) ? match(text, index, isInside ?? false) : undefined;
      if (phrase) phrases.push(phrase);
      end = phrase?.end ?? end;
      before = { word, end: index + word.length };
    }
    return phrases;
  };
}

function isWithin(before: string, word: string, { inside, feasts, weekdays }: Language): boolean {
  return inside.has(before) || (feasts.has(before) && weekdays.has(word));
}

function compiled(phrase: string): RegExp {
  // Bounded, to be quick.
  const text = phrase.replaceAll(" ", `[${SPACE}]{1,4}`).replaceAll("\\s*", `[${SPACE}]{0,4}`);
  return new RegExp(`(?:${text.replaceAll("\\w", `[${WORD}]`)})${END}`, "uy");
}

/** The words that occur in phrases, and parts of words such as the p of p1. */
export function wordsOf({ phrases }: Language): ReadonlySet<string> {
  const text = phrases.map(([, phrase]) => phrase.replace(/\(\?<\w+>/g, "(")).join(" ");
  return new Set(text.match(/(?<![\w\\])[a-z]+/g));
}

/** The number that a word such as "2", "2nd" or "two" means. */
export function numberOf(word: string, { numbers }: Language): number {
  return numbers.get(word) ?? Number(word.replace(/[^0-9]/g, ""));
}
