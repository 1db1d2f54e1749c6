// What is set for a person who is here for the first time.

import type { Me } from "doable-client/calls";
import { config } from "../app/config.ts";
import { calls, store } from "../app/store.svelte.ts";

/** For an effect, while the store is open: without a time zone of their own, a person's days begin where they are now. */
export function adoptTimeZone(): () => void {
  const { me } = store();
  const { api } = calls();
  const adopt = (): void => {
    if (me.get() === undefined) return;
    end();
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone as NonNullable<Me["time_zone"]>;
    if (me.get()?.time_zone !== null || config.provider === "other") return; // An access token can't change settings.
    void api.patch("", { body: { time_zone: zone } }).catch(() => undefined); // The next visit tries again.
  };
  const end = me.subscribe(adopt);
  adopt();
  return end;
}
