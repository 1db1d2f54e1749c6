// The store of the person who is signed in.

import { createStore, NeedsRules, type Rules, type Store } from "doable-client";
import { type Calls, createCalls } from "doable-client/calls";
import { ownerOf, type Person, token } from "./session.svelte.ts";

let opened = $state.raw<{ readonly person: Person; readonly store: Store; readonly calls: Calls }>();

export function openStore(person: Person): void {
  if (opened?.person.id === person.id) return;
  if (opened) void leaveBehind(opened.store);
  const storage = person.isKept ? "durable" : "memory";
  opened = {
    person,
    store: createStore({ user: person.id, token, ownerOf, rules: loadRules(), storage }),
    calls: createCalls({ token }),
  };
}

let rules: Rules | undefined;

/** The rules, also those that views do not need. */
export async function allRules(): Promise<Rules> {
  return (rules ??= await import("doable-client/rules"));
}

/** Those that views need, then the rest: until it is there, the next occurrence of a task is the one that the service says. */
async function loadRules(): Promise<Rules> {
  const queries = await import("doable-client/queries");
  void allRules().catch(() => undefined); // Whoever needs them tries again.
  return {
    ...queries,
    quickAdd: (...given) => loaded().quickAdd(...given),
    keyBetween: (...given) => loaded().keyBetween(...given),
    complete: (task, ...given) => rules?.complete(task, ...given) ?? task,
    skip: (task, ...given) => rules?.skip(task, ...given) ?? task,
  };
}

function loaded(): Rules {
  if (!rules) throw new NeedsRules("This");
  return rules;
}

export function closeStore(): void {
  void opened?.store.close();
  opened = undefined;
}

/** The person has signed in again: what waits is sent now. */
export function resumeStore(): void {
  void opened?.store.sync().catch(() => undefined);
}

/** Another person takes the device over. Only what was not sent stays, for the one who wrote it. */
async function leaveBehind(left: Store): Promise<void> {
  await left.signOut("refuse").catch(() => left.close());
}

/** The id of the person whose store is open. */
export function storeOwner(): string | undefined {
  return opened?.person.id;
}

/** The store. Call it only where somebody is signed in. */
export function store(): Store {
  if (!opened) throw new Error("Nobody is signed in");
  return opened.store;
}

/** Calls to the service, for what is not on the device. */
export function calls(): Calls {
  if (!opened) throw new Error("Nobody is signed in");
  return opened.calls;
}
