// A change of a task in words, and an older version of it as a new change.

import type { Patch, Task } from "doable-client";
import type { Entry } from "doable-client/calls";
import { dueName } from "../app/days.ts";
import { readRule } from "../app/rule.ts";
import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";
import { listed } from "../i18n/names.ts";
import { reminderName } from "../pickers/reminders.ts";

export type { Entry };
export type Version = NonNullable<Entry["after"]>;
type Field = keyof typeof m.details.history.fields;

/** One sentence for each field that changed. */
export function sentences({ before, after }: Entry): string[] {
  if (!before || !after) return [];
  const fields = Object.keys(m.details.history.fields) as Field[];
  return [
    ...fields.map((field) => sentence(field, before, after)),
    isChanged(before.description, after.description) && m.details.history.description,
    ...labels(before, after),
    isReordered(before, after) && m.details.history.position,
  ].filter((one) => one !== false && one !== undefined);
}

/** What makes a task what it was. Its place and its status stay. */
export function patchTo({
  title,
  description,
  priority,
  due,
  start,
  recurrence,
  reminders,
  labels,
}: Version): Patch<Task> {
  return {
    title,
    description,
    priority: priority ?? null,
    due: due ?? null,
    start: start ?? null,
    recurrence: recurrence ?? null,
    reminders: reminders ?? null,
    labels: labels ?? null,
  };
}

function sentence(field: Field, before: Version, after: Version): string | undefined {
  const [old, now] = [wordsOf(field, before), wordsOf(field, after)];
  if (old === now) return undefined;
  const name = m.details.history.fields[field];
  if (old === undefined) return m.details.history.set(name, now ?? "");
  return now === undefined ? m.details.history.cleared(name, old) : m.details.history.from(name, old, now);
}

function wordsOf(field: Field, version: Version): string | undefined {
  const { title, priority, due, start, recurrence, reminders, list_id: list, parent_id: parent } = version;
  switch (field) {
    case "title":
      return `“${title}”`;
    case "priority":
      return priority && m.priority[priority];
    case "due":
      return due && dueName(due);
    case "start":
      return start && dueName(start);
    case "recurrence":
      return recurrence && m.recurrence.words(readRule(recurrence.rule), recurrence.basis);
    case "reminders":
      return reminders?.length ? listed(reminders.map(reminderName)) : undefined;
    case "list_id":
      return list === undefined ? m.nav.inbox : (store().lists.get(list).get()?.name ?? m.details.history.unknown);
    case "parent_id":
      return parent === undefined ? undefined : (store().tasks.get(parent).get()?.title ?? m.details.history.unknown);
  }
}

function labels(before: Version, after: Version): string[] {
  const [old, now] = [before.labels ?? [], after.labels ?? []];
  const added = now.filter((one) => !old.includes(one));
  const removed = old.filter((one) => !now.includes(one));
  return [
    ...(added.length ? [m.details.history.labelsAdded(listed(added))] : []),
    ...(removed.length ? [m.details.history.labelsRemoved(listed(removed))] : []),
  ];
}

function isReordered(before: Version, after: Version): boolean {
  const isHome = before.list_id === after.list_id && before.parent_id === after.parent_id;
  return isHome && before.position !== after.position;
}

function isChanged(old: unknown, now: unknown): boolean {
  return (old ?? "") !== (now ?? "");
}
