// The field that adds tasks, for those who only want to open it.

import { commands } from "./commands.svelte.ts";

/** Open the field: its own command knows how, on each size of page. */
export function focusAdd(): void {
  commands.all.find(({ id }) => id === "add")?.run();
}
