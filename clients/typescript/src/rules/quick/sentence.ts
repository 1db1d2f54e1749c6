// Reads one sentence as a task.

import { type Day, dayText, isInCalendar, parseDay } from "../days.ts";
import { Invalid } from "../errors.ts";
import { settle } from "../recurrence/next.ts";
import { compareText, folded, length, nameFaults, SPACE, trim } from "../text.ts";
import type { Due, List, Recurrence, Ref, Viewer, World } from "../wire.ts";
import { instant, today, wallOf } from "../zones.ts";
import { ENGLISH } from "./english.ts";
import { CLOSING, OPENING, wordsOf } from "./language.ts";
import { type Found, kindOf, type Meaning } from "./meaning.ts";
import { findNames, keep } from "./names.ts";
import { findPhrases } from "./phrases.ts";
import { started } from "./rules.ts";
import { isMissing, rest } from "./title.ts";

const TEXT_MAX = 1000;
const TITLE_MAX = 255;
const SILENT = new RegExp(`^[${SPACE}${OPENING}${CLOSING}-]*$`); // what may follow the last word
const FIELDS = {
  day: "due",
  clock: "due",
  rule: "recurrence",
  priority: "priority",
  list: "list_id",
  label: "labels",
} as const;
let words: ReadonlySet<string> | undefined;

/** A part of the text, in code points, and the field that it sets. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly field: (typeof FIELDS)[keyof typeof FIELDS];
}

/** The fields of a task to create, as the service takes them. */
export interface NewTask {
  readonly title: string;
  readonly list_id?: Ref;
  readonly priority?: "high" | "medium" | "low";
  readonly labels?: readonly string[];
  readonly due?: Due;
  readonly recurrence?: Recurrence;
}

/**
 * Read one sentence of English as a task: the fields that it sets, and which part of the text sets which field.
 * `list_id` is the id of the list, or its `uid` if it has no id yet. Throws Invalid.
 */
export function quickAdd(text: string, viewer: Viewer, world: World): { value: NewTask; parsed: Span[] } {
  check(nameFaults("text", text, TEXT_MAX));
  const lists = [...world.lists].sort(inOrder);
  const kept = keep(text, (words ??= wordsOf(ENGLISH)));
  const names = findNames(
    kept.names,
    lists.map((list) => list.name),
    world.labels.map((label) => label.name),
  );
  const found = [...names, ...findPhrases(kept.others, viewer)].sort((one, other) => one.start - other.start);
  const all = chosen(found, kept.others);
  const left = rest(text, all, kept.escapes);
  const parts = isMissing(left) ? [] : all;
  const title = isMissing(left) ? trim(text) : left;
  check(nameFaults("title", title, TITLE_MAX));
  return { value: { title, ...fields(parts, viewer, lists) }, parsed: parts.flatMap((part) => spans(part, text)) };
}

function check(faults: Invalid["faults"]): void {
  if (faults.length) throw new Invalid(faults);
}

function inOrder(one: List, other: List): number {
  return compareText(one.position ?? "~", other.position ?? "~") || Number(one.id) - Number(other.id) || 0;
}

// The parts that count, in order. Of two that set the same, the last one does.
function chosen(found: readonly Found[], text: string): Found[] {
  const parts: Found[] = [];
  const given = new Set<string>();
  let tail = text.length;
  for (const part of found.toReversed()) {
    const isLast = part.end <= tail && SILENT.test(text.slice(part.end, tail));
    const keys = Object.keys(part.meaning);
    if (keys.some((key) => given.has(key)) || (part.isLastWord && !isLast)) continue;
    parts.unshift(part);
    for (const key of keys) if (key !== "label") given.add(key);
    if (isLast) tail = part.start;
  }
  return parts;
}

function fields(parts: readonly Found[], viewer: Viewer, lists: readonly List[]): Omit<NewTask, "title"> {
  const all = parts.reduce<Meaning>((before, part) => ({ ...before, ...part.meaning }), {});
  const { clock, rule, list, priority, ...given } = all;
  const isPast = (day: Day) => given.day === undefined && isOver(day, clock, viewer);
  const recurrence = rule && started(rule, given.day ?? today(viewer), isPast);
  const day = recurrence ? parseDay(recurrence.anchor) : (given.day ?? (clock && nextDay(clock, viewer)));
  const due = typeof day === "number" ? { date: dayText(day), ...(clock && { time: clock }) } : undefined;
  const labels = labelsOf(parts);
  const list_id = list === undefined ? undefined : (lists[list]?.id ?? lists[list]?.uid);
  return {
    ...(list_id !== undefined && { list_id }),
    ...(priority && { priority }),
    ...(labels.length && { labels }),
    ...(due && { due }),
    ...(recurrence && { recurrence: settle(recurrence, due) }),
  };
}

// The names without those that differ from an earlier one only in case.
function labelsOf(parts: readonly Found[]): string[] {
  const different = new Map<string, string>();
  for (const { label } of parts.map((part) => part.meaning)) {
    if (label !== undefined && !different.has(folded(label))) different.set(folded(label), label);
  }
  return [...different.values()];
}

// Whether a day has ended, or a time of the day has come.
function isOver(day: Day, clock: string | undefined, viewer: Viewer): boolean {
  if (clock === undefined) return day < today(viewer);
  return instant(wallOf(day, clock), viewer.timeZone) <= viewer.now.getTime();
}

// The first day on which this time has not come yet.
function nextDay(clock: string, viewer: Viewer): Day {
  const day = today(viewer);
  return isOver(day, clock, viewer) && isInCalendar(day + 1) ? day + 1 : day;
}

function spans({ start, end, meaning }: Found, text: string): Span[] {
  const kind = kindOf(meaning);
  return kind ? [{ start: length(text.slice(0, start)), end: length(text.slice(0, end)), field: FIELDS[kind] }] : [];
}
