// Texts save themselves without a toast. What the device can't store is said.

import type { Patch, Task } from "doable-client";
import { storeOwner, store } from "../app/store.svelte.ts";
import { toast } from "../app/toast.svelte.ts";
import { m } from "../i18n/index.ts";

export function save(uid: string, change: Patch<Task>): void {
  if (storeOwner() === undefined || !store().tasks.get(uid).get()) return; // Somebody deleted it.
  store()
    .tasks.update(uid, change)
    .stored.catch(() => toast(m.status.full));
}
