// Who is signed in. The session is a cookie that no script can read; the token for the tasks is only in memory.

import { config } from "./config.ts";
import { readSetting, writeSetting } from "./storage.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Whether the device keeps a copy of the tasks when the browser is closed. */
  readonly isKept: boolean;
}

/** The service refused. `message` is for the person, and `code` for the program. */
export class AuthRefused extends Error {
  override readonly name = "AuthRefused";
  readonly code: string;
  readonly retryAfter: number | undefined;

  constructor(message: string, code: string, retryAfter?: number) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

let person = $state.raw<Person | undefined>(remembered());
/** Whether the service, or this device, has said who is signed in. */
let isKnown = $state(person !== undefined);

export const session = {
  get person(): Person | undefined {
    return person;
  },
  get isKnown(): boolean {
    return isKnown;
  },
};

/** Call the service of accounts. Throws AuthRefused, and TypeError without a network. */
export async function callAuth<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(`${config.authUrl ?? ""}/api/auth/${path}`, {
    method: body ? "POST" : "GET",
    credentials: config.authUrl ? "include" : "same-origin",
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    ...(signal && { signal }),
  });
  const text = await answer.text();
  const json = text.startsWith("{") || text.startsWith("[") || text === "null" ? JSON.parse(text) : {};
  if (answer.ok) return json;
  const { message, error, code } = json;
  const seconds = Number(answer.headers.get("retry-after"));
  throw new AuthRefused(String(message ?? error ?? answer.status), String(code ?? answer.status), seconds || undefined);
}

interface SignedIn {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
}

export async function signUp(name: string, email: string, password: string): Promise<void> {
  begin((await callAuth<SignedIn>("sign-up/email", { name, email, password })).user, true);
}

export async function signIn(email: string, password: string, keep: boolean): Promise<void> {
  begin((await callAuth<SignedIn>("sign-in/email", { email, password, rememberMe: keep })).user, keep);
}

/** Look whether the cookie's session still is the one that this page knows. Without a network, what was known stays. */
export async function refreshSession(): Promise<void> {
  try {
    if (readSetting("leaving")) await endSession();
    const found = await callAuth<SignedIn | null>("get-session");
    if (found) begin(found.user, person?.isKept ?? true);
  } catch {
    // What this device knows counts.
  } finally {
    isKnown = true;
  }
}

/** A token for the tasks, or null if the session is over. */
export async function token(_why: "start" | "refused", signal: AbortSignal): Promise<string | null> {
  try {
    return (await callAuth<{ token: string }>("token", undefined, signal)).token;
  } catch (error) {
    if (error instanceof AuthRefused && (error.code === "UNAUTHORIZED" || error.code === "401")) return null;
    throw error;
  }
}

/** Forget the person on this device, then end the session. Without a network, it ends before anything else is sent. */
export async function signOut(): Promise<void> {
  person = undefined;
  writeSetting("person", null);
  writeSetting("leaving", "yes");
  await endSession().catch(() => undefined);
}

async function endSession(): Promise<void> {
  await callAuth("sign-out", {});
  writeSetting("leaving", null);
}

function begin({ id, name, email }: SignedIn["user"], isKept: boolean): void {
  writeSetting("leaving", null);
  const unchanged = person?.id === id && person.name === name && person.email === email && person.isKept === isKept;
  if (!unchanged) person = { id, name, email, isKept };
  writeSetting("person", isKept ? JSON.stringify(person) : null);
}

function remembered(): Person | undefined {
  const text = readSetting("leaving") ? null : readSetting("person");
  return text === null ? undefined : JSON.parse(text);
}
