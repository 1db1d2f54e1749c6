// Whether the sidebar is shown, and which of its sections are folded. This device remembers both.

import { readSetting, writeSetting } from "../app/storage.ts";

export type Section = "labels" | "filters" | "archived";

let isHidden = $state(readSetting("sidebar") === "hidden");
let unfolded = $state.raw<readonly string[]>(readSetting("folded")?.split(" ") ?? []);

export const sidebar = {
  get isHidden(): boolean {
    return isHidden;
  },
  isUnfolded(section: Section): boolean {
    return unfolded.includes(section);
  },
};

export function toggleSidebar(): void {
  isHidden = !isHidden;
  writeSetting("sidebar", isHidden ? "hidden" : null);
}

export function fold(section: Section, isUnfolded: boolean): void {
  const others = unfolded.filter((one) => one !== section);
  unfolded = isUnfolded ? [...others, section] : others;
  writeSetting("folded", unfolded.join(" ") || null);
}
