// The names of keys, for the program and for people, on every layout of a keyboard.

import { m } from "../i18n/index.ts";

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState">;

/** The character that a key types; undefined if it types none. Some layouts need AltGr, or ⌥ on a Mac, to type `[`. */
export function characterOf(event: Pressed): string | undefined {
  const { key, ctrlKey, metaKey, altKey } = event;
  if ([...key].length !== 1) return undefined;
  const isTyped = event.getModifierState("AltGraph") || (isMac ? !ctrlKey && !metaKey : ctrlKey && altKey);
  return isTyped || !(ctrlKey || metaKey || altKey) ? key : undefined;
}

/** The name of a key with its modifiers, in the order Mod, Alt, Shift. Shift counts where it does not choose a sign. */
export function nameOf(event: Pressed): string {
  const { ctrlKey, metaKey, altKey, shiftKey } = event;
  const isTyped = characterOf(event) !== undefined;
  const key = latin(event);
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const isMod = isMac ? metaKey : ctrlKey;
  const parts = [!isTyped && isMod && "Mod", !isTyped && altKey && "Alt", !isSign && shiftKey && "Shift"];
  return [...parts.filter(Boolean), key].join("+");
}

// On a layout without Latin letters, the place of a key counts.
function latin(event: Pressed): string {
  const { key, code, altKey } = event;
  if (key.length !== 1) return key;
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  const isForeign = key > "\x7f" && !altKey && !event.getModifierState("AltGraph");
  return (isForeign && place ? place : key).toLowerCase();
}

/** Keys as people see them on their keyboard: `Ctrl+K`, `G T`. */
export function keyCaps(keys: string): string {
  return keys === " " ? m.keys.space : keys.split(" ").map(pressedTogether).join(" ");
}

function pressedTogether(keys: string): string {
  const caps: Readonly<Record<string, string>> = {
    Mod: isMac ? "⌘" : m.keys.control,
    Alt: isMac ? "⌥" : "Alt",
    Shift: "⇧",
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Enter: "↵",
    Escape: "Esc",
    Delete: m.keys.delete,
    Backspace: "⌫",
  };
  const cap = (part: string): string => caps[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  return keys
    .split("+")
    .map(cap)
    .join(isMac ? "" : "+");
}

/** Keys as assistive technology takes them (`aria-keyshortcuts`). It knows no sequences. */
export function ariaKeys(keys: readonly string[]): string {
  const single = keys.filter((one) => one === " " || !one.includes(" "));
  return single.map((one) => one.replace("Mod", isMac ? "Meta" : "Control").replace(/^ $/, "Space")).join(" ");
}
