// The store of the person who is signed in.

import { createStore, type Store } from "doable-client";
import { type Calls, createCalls } from "doable-client/calls";
import { type Person, token } from "./session.svelte.ts";

let opened = $state.raw<{ readonly person: Person; readonly store: Store; readonly calls: Calls }>();

/** The rules are a chunk of their own: what needs no dates is shown before they are there. */
const rules = import("doable-client/rules");

export function openStore(person: Person): void {
  if (opened?.person.id === person.id) return;
  void opened?.store.close();
  const storage = person.isKept ? "durable" : "memory";
  opened = {
    person,
    store: createStore({ user: person.id, token, rules, storage }),
    calls: createCalls({ token }),
  };
}

export function closeStore(): void {
  void opened?.store.close();
  opened = undefined;
}

export function hasStore(): boolean {
  return opened !== undefined;
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
