// The arrow keys between the buttons of a menu or a list of choices: one of them is a tab stop.

import type { Attachment } from "svelte/attachments";

const KEYS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export const arrows: Attachment<HTMLElement> = (menu) => {
  const items = (): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>("[data-item]")];
  const enter = (item: HTMLElement | undefined): void =>
    items().forEach((one) => (one.tabIndex = one === item ? 0 : -1));
  const move = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.findIndex((one) => one === document.activeElement);
    const to = KEYS[event.key];
    if (!to || at < 0) return;
    event.preventDefault();
    all[to(at, all.length)]?.focus();
  };
  const follow = ({ target }: FocusEvent): void => enter(items().find((one) => one === target));
  enter(items().find((one) => one.getAttribute("aria-checked") === "true") ?? items()[0]);
  menu.addEventListener("keydown", move);
  menu.addEventListener("focusin", follow);
  return () => {
    menu.removeEventListener("keydown", move);
    menu.removeEventListener("focusin", follow);
  };
};
