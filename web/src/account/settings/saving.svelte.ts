// Settings that the service keeps. They are shown as chosen, and come back as they were if the service refuses.

import type { Me, UserPatch } from "doable-client/calls";
import { reasonOf } from "../../app/reason.ts";
import { refreshSession } from "../../app/session.svelte.ts";
import { calls, store } from "../../app/store.svelte.ts";
import { announce, toast } from "../../app/toast.svelte.ts";
import { m } from "../../i18n/index.ts";

/** Settings that are on their way, or that the copy does not have yet. */
let chosen = $state.raw<UserPatch>({});

export function shown(me: Me | undefined): UserPatch {
  return { ...me, ...chosen };
}

export async function save(change: UserPatch): Promise<void> {
  chosen = { ...chosen, ...change };
  try {
    await calls().api.patch("", { body: change });
    announce(m.account.settings.saved);
    if (change.name !== undefined) await refreshSession();
    await store().sync();
  } catch (error) {
    toast(m.account.settings.failed(reasonOf(error)));
  } finally {
    const later = Object.entries(chosen).filter(([name, value]) => change[name as keyof UserPatch] !== value);
    chosen = Object.fromEntries(later);
  }
}
