// Searches of title, description and labels, as the service's index of words finds them.

import { Invalid, refuse } from "./errors.ts";
import { newestFirst } from "./sort.ts";
import { isBlank, length, textFault } from "./text.ts";
import type { Task } from "./wire.ts";

const SEARCH_MAX = 255; // characters
const QUERY_MAX = 500; // characters of the words without case and accents
const RANKED_MAX = 500; // tasks
const PREFIX_MIN = 3; // letters
const LETTERS: ReadonlyMap<string, string> = new Map([
  ...([
    ["ß", "ss"],
    ["æ", "ae"],
    ["œ", "oe"],
    ["ø", "o"],
  ] as const),
  ...([
    ["ł", "l"],
    ["đ", "d"],
    ["ħ", "h"],
    ["ı", "i"],
    ["ς", "σ"],
  ] as const),
]);
const FOLDED = new RegExp(`[${[...LETTERS.keys()].join("")}]`, "g");
// Spaces, punctuation and symbols.
const BETWEEN = new RegExp(
  "[\\x01-/:-`{-\\xa9\\xab-\\xb4\\xb6-\\xb9\\xbb-\\xbf×÷\\u2000-\\u2bff\\u3000-\\u303f\\uff00-\\uff0f" +
    "\\u{1f000}-\\u{1faff}]+",
  "u",
);

type Searched = Pick<Task, "title" | "description" | "labels">;

/**
 * Whether a task has the words. Give all tasks of the user that are not in the trash: if none has the words, parts of
 * words count. Throws Invalid.
 */
export function search(words: string, tasks: readonly Task[] = []): (task: Searched) => boolean {
  const fault = textFault("search", words);
  if (fault) throw new Invalid([fault]);
  if (isBlank(words)) refuse("search", "required", "Search cannot be empty");
  if (length(words) > SEARCH_MAX) refuse("search", "too_long", `Search must be ${SEARCH_MAX} characters or less`);
  return finder(words, tasks);
}

/**
 * The tasks that have the words. Of the newest 500, those with all words in the title come first, then the others; the
 * newest first. All older ones follow. Throws Invalid.
 */
export function searched<T extends Task>(words: string, tasks: readonly T[]): T[] {
  const has = search(words, tasks);
  const hits = tasks.filter(has).sort(newestFirst);
  const newest = hits.slice(0, RANKED_MAX);
  const best = new Set(newest.filter((task) => has({ title: task.title })));
  return [...best, ...newest.filter((task) => !best.has(task)), ...hits.slice(RANKED_MAX)];
}

/** The same as `search`, for words that were checked. */
export function finder(words: string, tasks: readonly Task[]): (task: Searched) => boolean {
  const hasWords = wordFinder(words);
  if (hasWords && (!tasks.length || tasks.some(hasWords))) return hasWords;
  const parts = plain(words)
    .split(/[ \t\n\r]+/)
    .filter(Boolean);
  return (task) => {
    const text = document(task);
    return parts.every((part) => text.includes(part));
  };
}

// Undefined if there is no word.
function wordFinder(words: string): ((task: Searched) => boolean) | undefined {
  const sought = wordsOf([...plain(words)].slice(0, QUERY_MAX).join(""));
  const last = sought.at(-1);
  if (last === undefined) return undefined;
  const canBegin = length(last) >= PREFIX_MIN;
  return (task) => {
    const text = document(task);
    if (!sought.every((word) => text.includes(word))) return false; // Splitting the text takes longer.
    const found = new Set(wordsOf(text));
    const isBegun = () => canBegin && [...found].some((word) => word.startsWith(last));
    return sought.every((word, at) => found.has(word) || (at === sought.length - 1 && isBegun()));
  };
}

function document({ title, description, labels = [] }: Searched): string {
  return plain([title, description ?? "", ...labels].join(" "));
}

// Without case and accents.
function plain(text: string): string {
  const small = text.toLowerCase();
  if (!/[^\0-\x7f]/.test(small)) return small;
  const bare = small.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  return bare.replace(FOLDED, (letter) => LETTERS.get(letter) ?? letter);
}

function wordsOf(text: string): string[] {
  return text.split(BETWEEN).filter(Boolean);
}
