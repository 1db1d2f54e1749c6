// Small settings of this device. Where the browser refuses to keep them, they last as long as the page.

const unkept = new Map<string, string>();

export type Setting =
  "theme" | "language" | "person" | "leaving" | "sidebar" | "shortcuts" | "density" | "reminders" | "folded" | "hints";

export function readSetting(name: Setting): string | null {
  try {
    return unkept.get(name) ?? localStorage.getItem(`doable.${name}`);
  } catch {
    return null;
  }
}

/** Null removes it. */
export function writeSetting(name: Setting, value: string | null): void {
  unkept.delete(name);
  try {
    if (value === null) localStorage.removeItem(`doable.${name}`);
    else localStorage.setItem(`doable.${name}`, value);
  } catch {
    if (value !== null) unkept.set(name, value);
  }
}
