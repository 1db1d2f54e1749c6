// What phrases mean.

import { type Day, isInCalendar } from "../days.ts";
import type { Viewer } from "../wire.ts";
import type { Language, Words } from "./language.ts";

/** A rule as in RFC 5545 §3.3.10. `by` has its parts that begin with BY. */
export interface RuleWords {
  readonly frequency: string;
  readonly interval: number;
  readonly by: string;
  readonly basis: "schedule" | "completion";
  readonly weekStart: string;
}

/** What a phrase sets. `clock` is HH:MM; `list` is the place of a list among those of the user. */
export interface Meaning {
  readonly clock?: string;
  readonly day?: Day;
  readonly label?: string;
  readonly list?: number;
  readonly priority?: "high" | "medium" | "low";
  readonly rule?: RuleWords;
}

const KINDS = ["clock", "day", "label", "list", "priority", "rule"] as const;

/** A part of the text that is understood, in UTF-16. `isLastWord`: only as the last word. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly meaning: Meaning;
  readonly isLastWord: boolean;
}

/** Returns undefined if the phrase has no meaning, such as 30 February. */
export type Reading = (words: Words, viewer: Viewer, language: Language) => Meaning | undefined;

/** A day, if it is in the calendar. */
export function onDay(day: Day | undefined): Meaning | undefined {
  return day === undefined || !isInCalendar(day) ? undefined : { day };
}

/** What a meaning is about. A day with a time is about the time. */
export function kindOf(meaning: Meaning): keyof Meaning | undefined {
  return KINDS.find((kind) => kind in meaning);
}
