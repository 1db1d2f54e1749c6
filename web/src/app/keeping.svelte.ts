// What the page does so that nothing is lost: storage that the browser does not clean up, and fields that are saved in time.

import type { Store } from "doable-client";

/** A fast device or network needs no word about loading. */
const PATIENCE = 300;

let isLoading = $state(false);

export const arrival = {
  /** Whether the first copy takes its time: then "nothing here" would not be true yet. */
  get isLoading(): boolean {
    return isLoading;
  },
};

/** For an effect, while the store is open. */
export function keep(store: Store): () => void {
  const ends = [announceArrival(store), persist(store), saveFields()];
  return () => ends.forEach((end) => end());
}

/** For an effect: show reminders while the store is open. The first view does not wait for them. */
export function remind(store: Store): () => void {
  let end: (() => void) | undefined;
  let isOver = false;
  const parts = Promise.all([import("./reminders.ts"), import("doable-client/rules")]);
  void parts.then(
    ([{ startReminders }, rules]) => {
      if (!isOver) end = startReminders(store, rules);
    },
    () => undefined, // An old page whose files are gone: the status line says so.
  );
  return () => {
    isOver = true;
    end?.();
  };
}

function announceArrival({ status, me }: Store): () => void {
  // A copy of an earlier visit has the user in it.
  let isFirst: boolean | undefined;
  let hasWaited = false;
  const look = (): void => {
    const { phase, leader } = status.get();
    if (leader) isFirst ??= me.get() === undefined;
    isLoading = hasWaited && isFirst === true && phase === "loading";
  };
  const timer = setTimeout(() => {
    hasWaited = true;
    look();
  }, PATIENCE);
  const end = status.subscribe(look);
  look();
  return () => {
    clearTimeout(timer);
    end();
    isLoading = false;
  };
}

/** Ask the browser to keep the data of this site, when there is the first to keep. It can refuse. */
function persist({ outbox, status }: Store): () => void {
  const end = outbox.subscribe(() => {
    end();
    if (status.get().storage === "durable") void navigator.storage?.persist?.().catch(() => false);
  });
  return end;
}

/** A field saves when it loses the focus. A page that is hidden may never be shown again. */
function saveFields(): () => void {
  let left: HTMLElement | undefined;
  const look = (): void => {
    if (document.hidden) leave();
    else if (document.activeElement === document.body) left?.focus();
  };
  const leave = (): void => {
    const { activeElement: active } = document;
    if (!(active instanceof HTMLElement) || !active.matches("input, textarea")) return;
    left = active;
    active.blur();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  return () => {
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", leave);
  };
}
