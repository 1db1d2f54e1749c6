// Small settings of this device. Where the browser refuses to keep them, they last as long as the page.

const unkept = new Map<string, string>();

export type Setting =
  "theme" | "language" | "person" | "leaving" | "sidebar" | "shortcuts" | "density" | "reminders" | "folded" | "hints";

export function readSetting(name: Setting): string | null {
  try {
    return localStorage.getItem(`doable.${name}`) ?? unkept.get(name) ?? null;
  } catch {
    return unkept.get(name) ?? null;
  }
}

/** Null removes it. */
export function writeSetting(name: Setting, value: string | null): void {
  if (value === null) unkept.delete(name);
  else unkept.set(name, value);
  try {
    if (value === null) localStorage.removeItem(`doable.${name}`);
    else localStorage.setItem(`doable.${name}`, value);
  } catch {
    // It is in `unkept`.
  }
}
