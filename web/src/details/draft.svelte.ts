// A text while somebody types it. It saves itself, and neither what they typed nor what came from elsewhere gets lost.

import { untrack } from "svelte";
import type { Attachment } from "svelte/attachments";

const PAUSE = 1000;
/** The tab is hidden, or the page ends. At the last of them the browser stores nothing any more. */
const LEAVING = ["visibilitychange", "beforeunload", "pagehide"];

export interface DraftOptions {
  /** The most characters that the service takes. */
  readonly most: number;
  /** Whether it must not be empty. Then white space around it does not count. */
  readonly required?: boolean;
  readonly save: (text: string) => void;
}

export class Draft {
  text = $state("");
  /** What came from elsewhere while somebody typed. */
  theirs = $state<string>();
  readonly most: number;
  readonly #required: boolean;
  readonly #save: (text: string) => void;
  /** What is stored. */
  #base = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(base: string, { most, required = false, save }: DraftOptions) {
    this.most = most;
    this.#required = required;
    this.#save = save;
    this.text = this.#base = base;
  }

  get isTooLong(): boolean {
    return [...this.text].length > this.most;
  }

  /** What is stored now, from here or from elsewhere. */
  receive(stored: string): void {
    if (stored === this.#base) return;
    if (this.#isDirty() && this.#normal() !== stored) {
      clearTimeout(this.#timer);
      this.theirs = stored;
      return;
    }
    if (this.#normal() !== stored) this.text = stored;
    this.#base = stored;
    this.theirs = undefined;
  }

  type(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    if (this.theirs === undefined) this.#timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Save what is not saved yet. */
  flush(): void {
    clearTimeout(this.#timer);
    const text = this.#normal();
    if (!this.#isDirty() || this.isTooLong || (this.#required && !text)) return;
    this.#base = text;
    this.theirs = undefined;
    this.#save(text);
  }

  /** The person has left the field. Two versions stay until they choose one. */
  leave(): void {
    if (this.#required && !this.#normal()) this.text = this.#base;
    if (this.theirs === undefined) this.flush();
  }

  keepTheirs(): void {
    this.text = this.#base = this.theirs ?? this.#base;
    this.theirs = undefined;
  }

  #normal(): string {
    return this.#required ? this.text.trim() : this.text;
  }

  #isDirty(): boolean {
    return this.#normal() !== this.#base;
  }
}

/**
 * A text area for a draft, as high as its text. Its caret stays where it is when the text changes from elsewhere. `left` is called
 * when the person has left it.
 */
export function writing(draft: Draft, left?: () => void): Attachment<HTMLTextAreaElement> {
  return (area) => {
    const fit = (): void => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight}px`;
    };
    // A field also loses the focus as it is taken away. While the page is being changed, nothing else may change.
    const leave = (): void => queueMicrotask(() => (draft.leave(), left?.()));
    const input = (): void => draft.type(area.value);
    const hide = (): void => draft.flush();
    area.value = untrack(() => draft.text);
    $effect(() => {
      if (area.value !== draft.text) show(area, draft.text);
      fit();
    });
    let width = 0;
    const watch = new ResizeObserver(() => {
      if (area.clientWidth !== width) fit();
      width = area.clientWidth;
    });
    watch.observe(area);
    area.addEventListener("input", input);
    area.addEventListener("blur", leave);
    for (const event of LEAVING) addEventListener(event, hide);
    return () => {
      watch.disconnect();
      for (const event of LEAVING) removeEventListener(event, hide);
      queueMicrotask(hide);
    };
  };
}

function show(area: HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd } = area;
  area.value = text;
  if (document.activeElement === area) area.setSelectionRange(selectionStart, selectionEnd);
}
