// Whether a view that shows no tasks has none. Until the copy and the rules are there, it says nothing.

import { follow } from "../app/live.ts";
import { store } from "../app/store.svelte.ts";

let hasRules = $state(false);
void import("doable-client/queries").then(() => setTimeout(() => (hasRules = true)));

/** Call it in a component. */
export function followReady(): { readonly current: boolean } {
  const status = follow(store().status);
  return {
    get current() {
      return hasRules && status.current.phase !== "loading";
    },
  };
}
