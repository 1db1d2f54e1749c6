// What the quick-add field offers for the word before the caret: lists after `#`, labels after `@`, priorities.

import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";
import type { Range } from "./sentence.ts";

export interface Suggestion {
  readonly name: string;
  /** What stands in the field instead of the word. */
  readonly text: string;
  readonly kind: "list" | "label" | "priority" | "new-list";
}

export interface Suggestions {
  readonly word: Range;
  readonly all: readonly Suggestion[];
}

const MOST = 6;
const NAME = /(?:^|[\s([])([#@])("?)([^\s"#@][^\s"]*|(?<=")[^"]*|)$/;
const MISSING = /(^|\s)#(?:"([^"]+)"|([^\s"#@.,;:!?]+))/g;
const PRIORITIES = ["high", "medium", "low"] as const;

/**
 * Nothing if the word is a name already: then there is nothing to choose. Many words begin with `p`, so priorities are only for
 * those who pause there.
 */
export function suggestionsFor(text: string, caret: number, isPausing: boolean): Suggestions | undefined {
  const before = text.slice(0, caret);
  if (/\S/.test(text.slice(caret, caret + 1))) return undefined;
  if (isPausing && /(?:^|\s)p$/.test(before)) return { word: { start: caret - 1, end: caret }, all: priorities() };
  const [, mark, quote = "", typed = ""] = NAME.exec(before) ?? [];
  if (!mark) return undefined;
  const all = mark === "#" ? lists(typed) : labels(typed);
  return all.length ? { word: { start: caret - typed.length - quote.length - 1, end: caret }, all } : undefined;
}

/**
 * The first name of a list that there is none of. `others`: the parts of the text that were understood, or stay plain on purpose.
 * A number alone is no name: people write “issue #12”.
 */
export function missingList(text: string, others: readonly Range[]): { word: Range; name: string } | undefined {
  for (const { 0: all, 1: before = "", 2: quoted, 3: bare = "", index } of text.matchAll(MISSING)) {
    const [start, end] = [index + before.length, index + all.length];
    const name = quoted ?? bare;
    if (!/^\d+$/.test(name) && !others.some((part) => part.start < end && start < part.end))
      return { word: { start, end }, name };
  }
  return undefined;
}

/** A name behind its mark, so that quick add reads it as one. */
export function spelled(mark: "#" | "@", name: string): string {
  const isPlain = !/[\s"“”\\]/.test(name) && !/^[#@]/.test(name);
  return isPlain ? mark + name : `${mark}"${name.replace(/["\\]/g, "\\$&")}"`;
}

function lists(typed: string): Suggestion[] {
  const all = store().lists.query().get();
  const names = [...new Set(all.filter(({ archived }) => !archived).map(({ name }) => name))];
  if (names.some((name) => plain(name) === plain(typed))) return [];
  const found = matching(names, typed).map((name) => ({ name, text: spelled("#", name), kind: "list" as const }));
  const isNew = typed !== "" && !found.length;
  return isNew ? [{ name: m.adding.createList(typed), text: spelled("#", typed), kind: "new-list" }] : found;
}

function labels(typed: string): Suggestion[] {
  const names = store()
    .labels.query()
    .get()
    .map(({ name }) => name);
  if (names.some((name) => plain(name) === plain(typed))) return [];
  return matching(names, typed).map((name) => ({ name, text: spelled("@", name), kind: "label" as const }));
}

function priorities(): Suggestion[] {
  return PRIORITIES.map((name, at) => ({ name: m.priority[name], text: `p${at + 1}`, kind: "priority" as const }));
}

// Names that begin with what was typed come first, then those with a word that does.
function matching(names: readonly string[], typed: string): string[] {
  const wanted = plain(typed);
  const begins = names.filter((name) => plain(name).startsWith(wanted));
  const others = names.filter((name) => !begins.includes(name) && plain(name).includes(` ${wanted}`));
  return [...begins, ...others].slice(0, MOST);
}

function plain(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
