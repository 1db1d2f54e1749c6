// Texts save themselves without a toast. What the device can't store is said.
//
// A page that ends can't finish a write to the database of the browser. So the text is also in `sessionStorage`, which takes it immediately,
// until the database has it. The next page of the tab saves what is left there.

import type { Patch, Task } from "doable-client";
import { store, storeOwner } from "../app/store.svelte.ts";
import { toast } from "../app/toast.svelte.ts";
import { remember } from "../app/undo.ts";
import { m } from "../i18n/index.ts";

const KEY = "doable.unsaved";
const FIELDS = ["title", "description"] as const;

type Texts = Pick<Patch<Task>, "title" | "description">;

interface Unsaved {
  readonly person: string | undefined;
  readonly uid: string;
  readonly texts: Texts;
  /** What was there before. If it has changed, it stays. */
  readonly base: Texts;
}

export function save(uid: string, texts: Texts): void {
  const task = storeOwner() === undefined ? undefined : store().tasks.get(uid).get();
  if (!task) return; // Somebody deleted it.
  const base = { title: task.title, description: task.description };
  keep({ person: storeOwner(), uid, texts, base });
  const change = store().tasks.update(uid, texts);
  remember(change);
  change.stored.then(forget, () => toast(m.status.full));
}

/** Save what the last page of this tab could not. */
export function saveUnsaved(): void {
  const unsaved = read();
  if (!unsaved || unsaved.person !== storeOwner()) return forget();
  const { uid, texts, base } = unsaved;
  const live = store().tasks.get(uid);
  const look = (): void => {
    const task = live.get();
    if (!task) return;
    stop();
    forget();
    if (FIELDS.every((field) => texts[field] === undefined || task[field] === base[field])) save(uid, texts);
  };
  const stop = live.subscribe(look);
  look();
}

function keep(unsaved: Unsaved): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(unsaved));
  } catch {
    // The browser keeps nothing: the database may still be quick enough.
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing is there.
  }
}

function read(): Unsaved | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
