// The sessions of a person, as the service of accounts lists them.

import { callAuth, type AuthRefused } from "../../app/auth.ts";
import type { CurrentSession } from "../../app/session.svelte.ts";

export interface OwnSession {
  readonly id: string;
  /** What ends it. */
  readonly token: string;
  readonly updatedAt: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly isHere: boolean;
}

/** Throws AuthRefused, with the code SESSION_NOT_FRESH a day after the sign-in. This device comes first. */
export async function listSessions(): Promise<readonly OwnSession[]> {
  const [all, here] = await Promise.all([
    callAuth<readonly Omit<OwnSession, "isHere">[]>("list-sessions"),
    callAuth<(CurrentSession & { session: { id: string } }) | null>("get-session"),
  ]);
  const found = all.map((one) => ({ ...one, isHere: one.id === here?.session.id }));
  return found.sort((a, b) => Number(b.isHere) - Number(a.isHere) || b.updatedAt.localeCompare(a.updatedAt));
}

export async function endSession({ token }: OwnSession): Promise<void> {
  await callAuth("revoke-session", { token });
}

export async function endOtherSessions(): Promise<void> {
  await callAuth("revoke-other-sessions", {});
}

export function isNotFresh({ code }: AuthRefused): boolean {
  return code === "SESSION_NOT_FRESH";
}

const BROWSERS = [
  ["Edge", /Edg/],
  ["Opera", /OPR\//],
  ["Samsung Internet", /SamsungBrowser/],
  ["Firefox", /Firefox|FxiOS/],
  ["Chrome", /Chrome|CriOS/],
  ["Safari", /Safari/],
] as const;
const SYSTEMS = [
  ["Android", /Android/],
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X/],
  ["ChromeOS", /CrOS/],
  ["Linux", /Linux/],
] as const;

/** The browser and the system, as far as they say who they are. A script says its own name. */
export function programOf(userAgent: string | null): { readonly browser?: string; readonly system?: string } {
  const text = userAgent ?? "";
  const browser = BROWSERS.find(([, sign]) => sign.test(text))?.[0];
  const system = SYSTEMS.find(([, sign]) => sign.test(text))?.[0];
  if (browser && system) return { browser, system };
  const name = text.split(/[/ ]/)[0];
  return name ? { browser: name } : {};
}
