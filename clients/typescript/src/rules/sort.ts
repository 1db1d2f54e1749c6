// The order of tasks that a text such as `-priority,due` asks for.

import { refuse } from "./errors.ts";
import { compareText } from "./text.ts";
import type { Due, Task } from "./wire.ts";

export type Order = (one: Task, other: Task) => number;
/** A value that an order compares. What has none comes last either way. */
type Key = (task: Task) => string | number | undefined;

const UNSET = "~"; // After every time: the service did not set it yet.
const KEYS: ReadonlyMap<string, readonly Key[]> = new Map<string, Key[]>([
  ["position", [(task) => task.position ?? UNSET]],
  ["due", [(task) => task.due?.date, (task) => timeOf(task.due)]],
  ["start", [(task) => task.start?.date, (task) => timeOf(task.start)]],
  ["priority", [(task) => (task.priority ? ["low", "medium", "high"].indexOf(task.priority) : undefined)]],
  ["title", [(task) => smallLetters(task.title)]],
  ["created", [(task) => moment(task.created_at ?? UNSET)]],
  ["updated", [(task) => moment(task.updated_at ?? UNSET)]],
  ["completed", [(task) => task.completed_at && moment(task.completed_at)]],
]);
const NAMES = [...KEYS.keys()].join(", ");
const SENTENCE = `Sort must be one or more of ${NAMES}, each once, with - before what is reversed`;

/** The newest first: the order of tasks without `sort`. */
export const newestFirst: Order = sorter("-created");

/** The order that `sort` names, for `tasks.toSorted(sorter("-priority,due"))`. Throws Invalid. */
export function sorter(sort: string): Order {
  const parts = sort.split(",").map((part) => ({ name: part.replace(/^-/, ""), sign: part.startsWith("-") ? -1 : 1 }));
  if (new Set(parts.map((part) => part.name)).size < parts.length) refuse("sort", "invalid_sort", SENTENCE);
  const orders = parts.flatMap(({ name, sign }) => {
    const keys = KEYS.get(name) ?? refuse("sort", "invalid_sort", SENTENCE);
    return keys.map((key) => by(key, sign));
  });
  const ties = parts[0]?.sign ?? 1;
  return (one, other) => {
    for (const order of orders) {
      const result = order(one, other);
      if (result) return result;
    }
    return ties * compareIds(one, other);
  };
}

function by(key: Key, sign: number): Order {
  return (one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return sign * (typeof a === "string" && typeof b === "string" ? compareText(a, b) : Number(a) - Number(b));
  };
}

// A task that the service has not numbered yet comes after those that it has.
function compareIds(one: Task, other: Task): number {
  const [a, b] = [numbered(one), numbered(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function numbered({ id }: Task): number | bigint {
  return id === undefined || typeof id === "string" ? Infinity : id;
}

// A time comes before the whole day.
function timeOf(due: Due | undefined): string {
  return due?.time ?? "24:00";
}

// Each letter becomes one letter, whatever stands beside it, as in PostgreSQL.
function smallLetters(title: string): string {
  return title.replaceAll("Σ", "σ").replaceAll("İ", "i").toLowerCase();
}

// Instants of the service have six digits of fraction. Without the Z, those with fewer are in order too.
function moment(text: string): string {
  return text.replace("Z", "");
}
