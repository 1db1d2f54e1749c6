// Finds the phrases in a sentence.

import { trim } from "../text.ts";
import type { Viewer } from "../wire.ts";
import { DATE_READINGS } from "./dates.ts";
import { ENGLISH } from "./english.ts";
import { type Phrase, phraseFinder } from "./language.ts";
import { type Found, kindOf, type Reading } from "./meaning.ts";
import { RULE_READINGS } from "./rules.ts";

const PRIORITIES = { 1: "high", 2: "medium", 3: "low" } as const;
const READINGS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ...DATE_READINGS,
  ...RULE_READINGS,
  ["priority", ({ level }) => ({ priority: PRIORITIES[level === "1" ? 1 : level === "2" ? 2 : 3] })],
]);
let finder: ReturnType<typeof phraseFinder> | undefined;

/**
 * The phrases of a text in lower case, in order. A date or a time may belong to the sentence around it: "after noon",
 * "9:00 to 17:00", "today or tomorrow".
 */
export function findPhrases(text: string, viewer: Viewer): Found[] {
  const found: Found[] = [];
  let last: Found | undefined;
  let wasInside = false;
  finder ??= phraseFinder(ENGLISH);
  for (const phrase of finder(text)) {
    const one = read(phrase, viewer);
    if (!one) continue;
    const gap = last && trim(text.slice(last.end, one.start));
    const kind = kindOf(one.meaning);
    const lastKind = last && kindOf(last.meaning);
    const isJoined = gap !== undefined && ENGLISH.joints.has(gap) && lastKind === kind && kind !== "priority";
    if (isJoined && !wasInside) found.pop();
    const isTimeOfLast: boolean = wasInside && !gap && lastKind === "day" && kind === "clock";
    wasInside = isJoined || isTimeOfLast || (phrase.isInside && kind !== "priority");
    if (!wasInside) found.push(one);
    last = one;
  }
  return found;
}

function read({ name, words, start, end }: Phrase, viewer: Viewer): Found | undefined {
  const meaning = READINGS.get(name)?.(words, viewer, ENGLISH);
  return meaning && { start, end, meaning, isLastWord: name === "last_word" };
}
