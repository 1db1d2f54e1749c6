// What the palette can show: commands, views, lists, labels, filters and tasks.

import { computeCommandScore } from "bits-ui";
import type { TaskItem } from "../app/actions.ts";
import { commands } from "../app/commands.svelte.ts";
import { navigate, openTask, pathOf, type View } from "../app/router.svelte.ts";
import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";

export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly kind: "command" | "view" | "list" | "label" | "filter" | "task";
  readonly keys?: string | undefined;
  readonly isDone?: boolean;
  run(): void;
}

export interface Group {
  readonly name: string;
  readonly entries: readonly Entry[];
}

const NAMED_MAX = 8; // of a kind
const RECENT_MAX = 5;
const VIEWS = ["today", "upcoming", "inbox", "completed", "trash"] as const;

let recent: readonly string[] = [];

/** Remember what was chosen. Only this page knows: the device is for more than one person. */
export function choose(entry: Entry): void {
  recent = [entry.id, ...recent.filter((id) => id !== entry.id)].slice(0, RECENT_MAX);
  entry.run();
}

/** What has no words, or matches them by name: the best first. */
export function namedGroups(words: string): Group[] {
  const all = [...commandEntries(), ...viewEntries(), ...placeEntries()];
  if (!words.trim()) return [recentGroup(all), ...byKind(all)].filter(({ entries }) => entries.length);
  const scored = all.map((entry) => ({ entry, score: computeCommandScore(entry.name, words) }));
  const found = scored.filter(({ score }) => score > 0.05).sort((one, other) => other.score - one.score);
  return byKind(found.map(({ entry }) => entry)).filter(({ entries }) => entries.length);
}

export function taskEntry({ uid, title, status }: TaskItem): Entry {
  const isDone = status === "complete";
  return { id: `task-${uid}`, name: title, kind: "task", isDone, run: () => openTask(uid) };
}

export function showAll(words: string): Entry {
  return { id: "search", name: m.palette.showAll(words), kind: "view", run: go({ name: "search", words }) };
}

function byKind(all: readonly Entry[]): Group[] {
  const of = (name: string, ...kinds: Entry["kind"][]): Group => ({
    name,
    entries: all.filter(({ kind }) => kinds.includes(kind)).slice(0, NAMED_MAX),
  });
  return [
    { name: m.palette.commands, entries: all.filter(({ kind }) => kind === "command") },
    of(m.palette.views, "view"),
    of(m.nav.lists, "list"),
    of(m.nav.labels, "label"),
    of(m.nav.filters, "filter"),
  ];
}

function recentGroup(all: readonly Entry[]): Group {
  const found = recent.map((id) => all.find((entry) => entry.id === id) ?? recentTask(id));
  const entries = found.filter((entry) => entry !== undefined);
  return { name: m.palette.recent, entries: entries.map((entry) => ({ ...entry, id: `recent-${entry.id}` })) };
}

function recentTask(id: string): Entry | undefined {
  const task = store()
    .tasks.get(id.replace(/^task-/, ""))
    .get();
  return task && taskEntry(task);
}

function commandEntries(): Entry[] {
  const known = new Set<string>(["palette", "search", "close", ...VIEWS]);
  return commands.all.flatMap(({ id, name, keys, inDialogs, run }) => {
    if (inDialogs || known.has(id)) return [];
    known.add(id);
    return [{ id: `command-${id}`, name, kind: "command", keys: keys[0], run: () => void run() } as const];
  });
}

function viewEntries(): Entry[] {
  return VIEWS.map((name) => {
    const keys = commands.all.find(({ id }) => id === name)?.keys[0];
    return { id: `view-${name}`, name: m.nav[name], kind: "view", keys, run: go({ name }) };
  });
}

function placeEntries(): Entry[] {
  const { lists, labels, filters } = store();
  const entry = (kind: "list" | "label" | "filter", uid: string, name: string): Entry => {
    return { id: `${kind}-${uid}`, name, kind, run: go({ name: `${kind}s`, key: uid }) };
  };
  return [
    ...lists
      .query()
      .get()
      .filter(({ archived }) => !archived)
      .map(({ uid, name }) => entry("list", uid, name)),
    ...labels
      .query()
      .get()
      .map(({ uid, name }) => entry("label", uid, name)),
    ...filters
      .query()
      .get()
      .map(({ uid, name }) => entry("filter", uid, name)),
  ];
}

function go(view: View): () => void {
  return () => navigate(pathOf(view));
}
