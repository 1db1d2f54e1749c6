// What a conflict is about, in the words of people.

import type { Conflict, Task } from "doable-client";
import { dueName } from "../app/days.ts";
import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";

type Row = Conflict["sent"];

export interface Difference {
  readonly field: string;
  readonly mine: string;
  /** Undefined: the other side has nothing of it. */
  readonly theirs: string | undefined;
}

/** `changed`: both sides have one. `deleted`: only this device has it. `refused`: the service does not take it. */
export type Kind = "changed" | "deleted" | "refused";

export function kindOf({ there, error: { status } }: Conflict): Kind {
  if (status === 412 && there) return "changed";
  return status === 404 || status === 412 ? "deleted" : "refused";
}

export function titleOf({ id, there, sent, label }: Conflict): string {
  const named = [there, sent].map((row) => row?.["title"] ?? row?.["name"]).find((name) => typeof name === "string");
  return named ?? taskOf(id)?.title ?? label ?? m.conflicts.untitled;
}

/** The task that shows the conflict with this id, if one does. */
export function taskOf(id: string): { readonly uid: string; readonly title: string } | undefined {
  const tasks = store().tasks.query().get();
  return tasks.find(({ conflict }) => conflict?.id === id);
}

/** The fields that the two sides have given different values. */
export function differencesOf({ sent, base, there }: Conflict): readonly Difference[] {
  const known = Object.keys(m.conflicts.fields).filter((name) => name in sent);
  const apart = known.filter((name) => there === null || !isSame(sent[name], there[name]));
  const disputed = apart.filter((name) => there === null || !isSame(base[name], there[name]));
  return (disputed.length ? disputed : apart).map((name) => ({
    field: m.conflicts.fields[name as keyof typeof m.conflicts.fields],
    mine: written(name, sent),
    theirs: there === null ? undefined : written(name, there),
  }));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function written(name: string, row: Row): string {
  const value = row[name];
  if (value === undefined || value === null || value === "") return m.conflicts.empty;
  if (name === "due" || name === "start") return dueName(value as NonNullable<Task["due"]>);
  if (name === "priority") return m.priority[value as NonNullable<Task["priority"]>];
  return Array.isArray(value) ? value.join(", ") : String(value);
}
