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

/** What the device is set to, whoever uses it. All else goes with the person. */
const OF_DEVICE: readonly string[] = ["theme", "language", "sidebar", "shortcuts", "density", "leaving"];

export function forgetSettings(): void {
  for (const name of unkept.keys()) if (!OF_DEVICE.includes(name)) unkept.delete(name);
  try {
    sessionStorage.clear();
    for (const key of Object.keys(localStorage)) {
      const name = key.split(".")[1] ?? "";
      if (key.startsWith("doable.") && !OF_DEVICE.includes(name)) localStorage.removeItem(key);
    }
  } catch {
    // The browser keeps nothing.
  }
}
