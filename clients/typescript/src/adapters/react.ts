// React hooks for a store.

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Live, Store } from "../store/index.ts";

/**
 * The value of a Live. The component renders again when it changes.
 *
 * `first` is the value while there is no Live: on the server, and in the browser until the store is open.
 */
export function useLive<T>(live: Live<T> | undefined, first: T): T;
export function useLive<T, F>(live: Live<T> | undefined, first: F): T | F;
export function useLive<T>(live: Live<T> | undefined, first: T): T {
  const subscribe = useCallback((changed: () => void) => live?.subscribe(changed) ?? nothing, [live]);
  return useSyncExternalStore(
    subscribe,
    () => (live ? live.get() : first),
    () => first,
  );
}

/**
 * The store of a user, from when it has something to show until the component goes. Undefined before.
 *
 * `open` makes the store, so it must be the same function at each render: define it outside of the component.
 */
export function useStore(open: (user: string) => Store, user: string): Store | undefined {
  const [store, setStore] = useState<Store>();
  useEffect(() => {
    const opened = open(user);
    const show = (): void => {
      if (opened.status.get().phase !== "loading") setStore(opened);
    };
    const end = opened.status.subscribe(show);
    show();
    return () => {
      end();
      setStore(undefined);
      void opened.close();
    };
  }, [open, user]);
  return store;
}

function nothing(): void {
  // There is no subscription to end.
}
