// The theme and the height of rows: first.js sets them before the first paint, and this while the page is there.

import { readSetting, writeSetting } from "./storage.ts";

export const THEMES = ["system", "light", "dark"] as const;
export const DENSITIES = ["normal", "compact"] as const;

export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];

export function theme(): Theme {
  return THEMES.find((one) => one === readSetting("theme")) ?? "system";
}

export function density(): Density {
  return DENSITIES.find((one) => one === readSetting("density")) ?? "normal";
}

export function chooseTheme(chosen: Theme): void {
  writeSetting("theme", chosen === "system" ? null : chosen);
  apply();
}

export function chooseDensity(chosen: Density): void {
  writeSetting("density", chosen === "normal" ? null : chosen);
  apply();
}

/** What one tab chooses, all have. */
export function followAppearance(): void {
  addEventListener("storage", apply);
}

function apply(): void {
  const { dataset } = document.documentElement;
  set(dataset, "theme", theme() === "system" ? undefined : theme());
  set(dataset, "density", density() === "normal" ? undefined : density());
}

function set(dataset: DOMStringMap, name: string, value: string | undefined): void {
  if (value === undefined) delete dataset[name];
  else dataset[name] = value;
}
