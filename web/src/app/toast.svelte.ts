// What happened, said once: one toast at a time, with Undo where there is one, and the live region for screen readers.

import { m } from "../i18n/index.ts";

export interface Toast {
  readonly text: string;
  readonly action: Action | undefined;
}

export interface Action {
  readonly name: string;
  /** As it is on the keyboard. */
  readonly key?: string;
  run(): void;
}

const MILLISECONDS = 8000;

let shown = $state.raw<Toast>();
let spoken = $state("");
let isHeld = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export const toasts = {
  get shown(): Toast | undefined {
    return shown;
  },
  get spoken(): string {
    return spoken;
  },
};

export function toast(text: string, undo?: () => void): void {
  offer(text, undo && { name: m.app.undo, key: "Z", run: undo });
}

/** A toast with something to do. */
export function offer(text: string, action: Action | undefined): void {
  shown = { text, action };
  announce(text);
  restart();
}

/** Say something to those who do not see the page. */
export function announce(text: string): void {
  spoken = spoken === text ? `${text}\u00a0` : text; // The same sentence again is new to a screen reader.
}

export function dismissToast(): void {
  shown = undefined;
  clearTimeout(timer);
}

/** Whether the pointer or the focus is on the toast: then it stays. */
export function holdToast(hold: boolean): void {
  isHeld = hold;
  restart();
}

function restart(): void {
  clearTimeout(timer);
  if (!isHeld) timer = setTimeout(dismissToast, MILLISECONDS);
}
