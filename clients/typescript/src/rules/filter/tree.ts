// What a filter means, as a tree.

import { addMonths, clamped, type Day, FIRST, isInCalendar, LAST, modulo, parseDay, weekday } from "../days.ts";

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const NEAR_DAYS: ReadonlyMap<string, number> = new Map([
  ["yesterday", -1],
  ["today", 0],
  ["tomorrow", 1],
]);

export const UNITS = ["days", "weeks", "months"] as const;
export const DATE_FIELDS = ["due", "start", "created", "completed", "updated"] as const;
export const RELATIONS = ["before", "on", "after"] as const;
type Unit = (typeof UNITS)[number];
export type DateField = (typeof DATE_FIELDS)[number];
type Relation = (typeof RELATIONS)[number];

/** A date, a weekday, `today` and its neighbours, or a number of days, weeks or months after today. */
export type NamedDay = string | { readonly count: number; readonly unit: Unit };

export type Flag =
  | ("overdue" | "no date" | "no time" | "recurring" | "subtask" | "no labels" | "no priority" | "no list")
  | ("complete" | "incomplete" | "all");

export type Term =
  | { readonly kind: "is"; readonly what: Flag }
  | { readonly kind: "priority"; readonly level: "high" | "medium" | "low" }
  | { readonly kind: "within"; readonly days: number }
  | { readonly kind: "on"; readonly field: DateField; readonly relation: Relation; readonly day: NamedDay }
  | { readonly kind: "list"; readonly name: string }
  | { readonly kind: "label"; readonly name: string }
  | { readonly kind: "beginning"; readonly text: string }
  | { readonly kind: "search"; readonly words: string };

/** No node of an `and` is an `and`, and none of an `or` is an `or`. */
export type Node =
  | Term
  | { readonly kind: "not"; readonly node: Node }
  | { readonly kind: "and" | "or"; readonly nodes: readonly Node[] };

/** The terms of a tree, in the order of the text. */
export function terms(node: Node): Term[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.nodes.flatMap(terms);
    case "not":
      return terms(node.node);
    default:
      return [node];
  }
}

/** The day that the viewer means today. Months are clamped to their last day, and years to 1 … 9999. */
export function resolve(day: NamedDay, today: Day): Day {
  if (typeof day !== "string") return offset(day.count, day.unit, today);
  const place = WEEKDAYS.indexOf(day);
  if (place >= 0) return clamped(today + modulo(place - weekday(today) - 1, 7) + 1);
  return parseDay(day) ?? clamped(today + (NEAR_DAYS.get(day) ?? 0));
}

function offset(count: number, unit: Unit, today: Day): Day {
  if (unit === "months") return addMonths(today, count) ?? (count > 0 ? LAST : FIRST);
  return clamped(today + count * (unit === "weeks" ? 7 : 1));
}

/** Another day; null beyond the calendar. */
export function moved(day: Day, by: number): Day | null {
  return isInCalendar(day + by) ? day + by : null;
}
