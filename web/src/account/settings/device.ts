// What this browser keeps of Doable.

import { session } from "../../app/session.svelte.ts";

/** The names of the databases of other people, who left changes that were not sent. */
export async function copiesOfOthers(): Promise<readonly string[]> {
  try {
    const names = (await indexedDB.databases()).map(({ name = "" }) => name);
    return names.filter((name) => name.startsWith("doable [") && ownerOf(name) !== session.person?.id);
  } catch {
    return []; // The browser keeps nothing, or does not say what.
  }
}

export function removeCopy(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** In bytes; undefined where the browser does not say. */
export async function spaceUsed(): Promise<number | undefined> {
  try {
    return (await navigator.storage.estimate()).usage;
  } catch {
    return undefined;
  }
}

/** The store names a database by its user and its service. */
function ownerOf(name: string): unknown {
  try {
    return JSON.parse(name.slice("doable ".length))[0];
  } catch {
    return undefined;
  }
}
