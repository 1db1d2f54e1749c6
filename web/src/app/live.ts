// Values of the store as values of Svelte.

import type { Live } from "doable-client";
import { createSubscriber } from "svelte/reactivity";

export interface Followed<T> {
  readonly current: T;
}

/** Read `current` in a component: it renders again when the value changes. */
export function follow<T>(live: Live<T>): Followed<T> {
  const subscribe = createSubscriber((update) => live.subscribe(update));
  return {
    get current() {
      subscribe();
      return live.get();
    },
  };
}
