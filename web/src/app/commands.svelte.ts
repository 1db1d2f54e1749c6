// What the keyboard and the palette can do. A component registers its commands while it is there.

import { untrack } from "svelte";
import { ariaKeys, characterOf, keyCaps, nameOf } from "./keys.ts";
import { readSetting, writeSetting } from "./storage.ts";

export { keyCaps } from "./keys.ts";

export const GROUPS = ["move", "add", "act", "order", "find"] as const;

export interface Command {
  readonly id: string;
  readonly name: string;
  /** Such as `q`, `Shift+ArrowDown`, `Mod+k` (Ctrl, or ⌘ on a Mac) or `g t` (one key, then another). */
  readonly keys: readonly string[];
  readonly group: (typeof GROUPS)[number];
  /** Whether it also works while a field has the focus. */
  readonly inFields?: boolean;
  /** Whether it belongs to a dialog: while one is open, only these work. */
  readonly inDialogs?: boolean;
  /** Returns false if there is nothing to do: then the key keeps its own meaning. */
  run(): boolean | void;
}

const SEQUENCE_MILLISECONDS = 1200;
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select";
/** What has its own use for letters. */
const MENUS = "[role=menu], [role=listbox]";
const DIALOGS = "dialog:modal, [aria-modal=true][data-state=open]";
/** What Enter or Space presses. */
const PRESSED = "a[href], button, summary, [role=switch]";

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

/** Whether keys without Ctrl, Alt or ⌘ do something. A person can switch them off. */
export function hasSingleKeys(): boolean {
  return readSetting("shortcuts") !== "off";
}

export function useSingleKeys(on: boolean): void {
  writeSetting("shortcuts", on ? null : "off");
}

/** For the button of a command: its name and its key as a tooltip, for screen readers too. */
export function keyHint(id: string): { readonly title?: string; readonly "aria-keyshortcuts"?: string } {
  const command = registered.find((one) => one.id === id);
  const keys = command?.keys.filter((one) => hasSingleKeys() || one.startsWith("Mod+")) ?? [];
  const [first] = keys;
  return command && first ? { title: `${command.name} (${keyCaps(first)})`, "aria-keyshortcuts": ariaKeys(keys) } : {};
}

export function startKeyboard(): void {
  document.addEventListener("keydown", handle);
}

function handle(event: KeyboardEvent): void {
  // 229 is a key that an input method has taken.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"].includes(event.key)) return;
  const key = nameOf(event);
  const isSequence = first !== undefined && event.timeStamp - first.at < SEQUENCE_MILLISECONDS;
  const name = isSequence && first ? `${first.key} ${key}` : key;
  first = undefined;
  const usable = usableFor(event);
  for (const command of usable.filter(({ keys }) => keys.includes(name))) {
    if (event.repeat && command.group !== "move" && command.group !== "order") return;
    if (command.run() === false) continue;
    event.preventDefault();
    return;
  }
  if (usable.some(({ keys }) => keys.some((one) => one.startsWith(`${key} `)))) first = { key, at: event.timeStamp };
}

function usableFor(event: KeyboardEvent): readonly Command[] {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const isInField = target.isContentEditable || target.matches(FIELDS);
  const isPressed = (event.key === "Enter" || event.key === " ") && target.matches(PRESSED);
  const isInMenu = target.closest(MENUS) !== null;
  const isSingle = characterOf(event) !== undefined;
  if (isPressed || (isSingle && (isInField || isInMenu || !hasSingleKeys()))) return [];
  const isInDialog = document.querySelector(DIALOGS) !== null;
  return registered.filter((one) => (!isInField || one.inFields) && (!isInDialog || one.inDialogs));
}
