// Signing out: it removes everything of the person from this device, and asks first if changes would be lost.

import { Unsent } from "doable-client";
import { signOut } from "../app/session.svelte.ts";
import { store } from "../app/store.svelte.ts";

const PATIENCE = 2000; // milliseconds for what is on its way

let unsent = $state(0);

export const leaving = {
  /** How many changes would be lost. Over 0, the person is asked. */
  get unsent(): number {
    return unsent;
  },
};

export async function leave(): Promise<void> {
  try {
    if (store().status.get().waiting && store().status.get().phase === "live")
      await Promise.race([settled(), patience()]);
    await store().signOut("refuse");
  } catch (error) {
    if (!(error instanceof Unsent)) throw error;
    unsent = error.count;
    return;
  }
  await finish();
}

/** Sign out, and lose what was not sent. */
export async function leaveAnyway(): Promise<void> {
  unsent = 0;
  await store().signOut("discard");
  await finish();
}

export function stay(): void {
  unsent = 0;
}

async function finish(): Promise<void> {
  await signOut();
  await removeCaches();
}

/** The caches of the app's own files stay: they have nothing of a person, and the sign-in opens with them offline. */
async function removeCaches(): Promise<void> {
  if (!("caches" in globalThis)) return; // Without https, there are none.
  for (const name of await caches.keys()) if (!name.startsWith("doable-app-")) await caches.delete(name);
}

function settled(): Promise<void> {
  return store()
    .sync()
    .catch(() => undefined);
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE));
}
