// The views of `later.ts`: they are loaded when one of them is needed, or when the page is idle.

import { whenIdle } from "../app/idle.ts";

let views = $state.raw<typeof import("./later.ts")>();
let loading: Promise<void> | undefined;

export const later = {
  get views(): typeof views {
    return views;
  },
};

export function loadViews(): void {
  loading ??= load();
}

/** For an effect: load them when there is time. Returns what cancels it. */
export function loadViewsWhenIdle(): () => void {
  return whenIdle(loadViews);
}

// The build moves a `.then` after `import()` to where it does not see that the styles of the chunk are missing.
async function load(): Promise<void> {
  try {
    views = await import("./later.ts");
  } catch {
    loading = undefined; // The next time, there may be a network.
  }
}
