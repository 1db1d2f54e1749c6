// The first time somebody is here.

import type { Me } from "doable-client/calls";
import { calls } from "../app/store.svelte.ts";

/** Without a time zone of their own, a person's days begin where they are now. Without a network, the next time does it. */
export async function adoptTimeZone(): Promise<void> {
  try {
    const { body } = await calls().api.get("");
    if (body.time_zone !== null) return;
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone as NonNullable<Me["time_zone"]>;
    await calls().api.patch("", { body: { time_zone } }); // It refuses a zone that it does not know.
  } catch {
    // The settings show that there is none yet.
  }
}
