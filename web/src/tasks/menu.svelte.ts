// Which menu of a row is open. TaskTools shows it.

import type { TaskItem } from "../app/actions.ts";
import type { TaskRows } from "./rows.svelte.ts";

export interface OpenMenu {
  readonly tasks: readonly TaskItem[];
  readonly list: TaskRows;
  /** What it belongs to, and where the focus returns. */
  readonly anchor: HTMLElement | undefined;
  /** Where the pointer was. */
  readonly at: { readonly x: number; readonly y: number } | undefined;
}

let shown = $state.raw<OpenMenu>();

export const menus = {
  get open(): OpenMenu | undefined {
    return shown;
  },
};

export function openMenu(menu: OpenMenu): void {
  shown = menu;
}

export function closeMenu(): void {
  shown = undefined;
}
