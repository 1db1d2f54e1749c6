// The views of `later.ts`: they are loaded when one of them is needed, or when the page is idle.

let views = $state.raw<typeof import("./later.ts")>();
let loading: Promise<void> | undefined;

export const later = {
  get views(): typeof views {
    return views;
  },
};

export function loadViews(): void {
  loading ??= import("./later.ts").then(
    (found) => void (views = found),
    () => (loading = undefined), // The next time, there may be a network.
  );
}

/** For an effect: load them when there is time. Returns what cancels it. */
export function loadViewsWhenIdle(): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(loadViews, 1000); // Safari has no idle callbacks.
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(loadViews, { timeout: 3000 });
  return () => cancelIdleCallback(request);
}
