// The copy of a person's tasks in this browser.

import { createStore, type Store } from "doable-client";

export function openStore(user: string): Store {
  return createStore({ url: process.env.NEXT_PUBLIC_DOABLE_URL, user, token });
}

/** A token for Doable from Better Auth, for the session in the cookie; null if the session is over. */
async function token(_: string, signal: AbortSignal): Promise<string | null> {
  const answer = await fetch("/api/auth/token", { signal });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`No token: ${answer.status}`);
  return (await answer.json()).token;
}
