// What the keyboard and the palette can do. A component registers its commands while it is there.

import { untrack } from "svelte";
import { readSetting } from "./storage.ts";

export interface Command {
  readonly id: string;
  readonly name: string;
  /** Such as `q`, `Shift+ArrowDown`, `Mod+k` (Ctrl, or ⌘ on a Mac) or `g t` (one key, then another). */
  readonly keys: readonly string[];
  readonly group: "move" | "add" | "act" | "order" | "find";
  /** Whether it also works while a field has the focus. */
  readonly inFields?: boolean;
  /** Returns false if there is nothing to do: then the key keeps its own meaning. */
  run(): boolean | void;
}

const SEQUENCE_MILLISECONDS = 1200;

let registered = $state.raw<readonly Command[]>([]);
let first: { readonly key: string; readonly at: number } | undefined;

export const commands = {
  /** Those of the innermost component come first. */
  get all(): readonly Command[] {
    return registered;
  },
};

/** For an effect: `$effect(() => register([…]))`. Returns what takes them away again. */
export function register(added: readonly Command[]): () => void {
  registered = [...added, ...untrack(() => registered)];
  return () => {
    registered = registered.filter((one) => !added.includes(one));
  };
}

export function startKeyboard(): void {
  document.addEventListener("keydown", handle);
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const isInField =
    event.target instanceof Element && event.target.matches("input:not([type=checkbox]), textarea, select");
  const key = nameOf(event);
  const isSequence = first !== undefined && event.timeStamp - first.at < SEQUENCE_MILLISECONDS;
  const name = isSequence && first ? `${first.key} ${key}` : key;
  first = undefined;
  const isSingle = !/^(Mod|Alt|Ctrl)\+/.test(key) && key.length === 1;
  if (isSingle && (isInField || readSetting("shortcuts") === "off")) return;
  const usable = registered.filter((one) => !isInField || one.inFields);
  for (const command of usable.filter(({ keys }) => keys.includes(name))) {
    if (command.run() === false) continue;
    event.preventDefault();
    return;
  }
  if (usable.some(({ keys }) => keys.some((one) => one.startsWith(`${key} `)))) first = { key, at: event.timeStamp };
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

/** The name of a key with its modifiers, in the order Mod, Alt, Shift. Shift counts where the key is no character. */
function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const mod = isMac ? metaKey : ctrlKey;
  const parts = [mod && "Mod", altKey && "Alt", shiftKey && key.length > 1 && "Shift"].filter(Boolean);
  return [...parts, key.length === 1 ? key.toLowerCase() : key].join("+");
}

/** Keys as people see them on their keyboard. */
export function keyCaps(keys: string): string {
  const caps: Readonly<Record<string, string>> = {
    Mod: isMac ? "⌘" : "Ctrl",
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Escape: "Esc",
    Delete: "Del",
    " ": "Space",
  };
  const cap = (part: string): string => caps[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  return keys === " "
    ? "Space"
    : keys
        .split(" ")
        .map((one) =>
          one
            .split("+")
            .map(cap)
            .join(isMac ? "" : "+"),
        )
        .join(" ");
}
