// Who is signed in. The session is a cookie that no script can read; the token for the tasks is only in memory.

import { AuthRefused, callAuth, endSession } from "./auth.ts";
import { config } from "./config.ts";
import { forgetSettings, readSetting, writeSetting } from "./storage.ts";

export interface Person {
  readonly id: string;
  /** The id at the service of accounts. */
  readonly account: string;
  readonly name: string;
  readonly email: string;
  /** Whether the device keeps a copy of the tasks when the browser is closed. */
  readonly isKept: boolean;
}

interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

interface Session {
  readonly token: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
}

export interface CurrentSession {
  readonly user: User;
  readonly session: Session;
}

type News = { readonly left: string } | { readonly entered: Person };

const DAY = 86_400_000;
/** Where another issuer signs people in, this tab has the access token that they gave. */
const TOKEN = "doable.token";

const first = remembered();
let person = $state.raw(first);
/** Whether the service, or this device, has said who is signed in. */
let isKnown = $state(first !== undefined);
let hasEnded = $state(false);
let accessToken = readToken();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("doable session") : undefined;

export const session = {
  get person(): Person | undefined {
    return person;
  },
  get isKnown(): boolean {
    return isKnown;
  },
  /** Whether the session of the person is over. The page and what is not sent stay until they sign in again. */
  get hasEnded(): boolean {
    return hasEnded;
  },
};

export async function signUp(name: string, email: string, password: string): Promise<void> {
  const { token, user } = await callAuth<{ token: string | null; user: User }>("sign-up/email", {
    name,
    email,
    password,
  });
  if (token === null) throw new AuthRefused("", 403, "EMAIL_NOT_VERIFIED");
  await begin(user, true);
}

export async function signIn(email: string, password: string, isKept: boolean): Promise<void> {
  const { user } = await callAuth<{ user: User }>("sign-in/email", { email, password, rememberMe: isKept });
  await begin(user, isKept);
}

/** For another issuer: the access token that the person made there, or with `doable token`. */
export async function signInWithToken(token: string, isKept: boolean): Promise<void> {
  const { id, name, email } = await askOwner(token);
  keepToken(token);
  enter({ id, account: id, name: name ?? "", email: email ?? "", isKept });
}

/** Look whether the session still is the one that this page knows. Without a network, what was known stays. */
export async function refreshSession(): Promise<void> {
  try {
    await (config.provider === "other" ? refreshToken() : refreshCookie());
  } catch {
    // What this device knows counts.
  } finally {
    isKnown = true;
  }
}

/** A token for the tasks. Null: the session is over, or it is the session of another person. */
export async function token(why: "start" | "refused", signal: AbortSignal): Promise<string | null> {
  const whose = person?.id;
  const found = config.provider === "other" ? ownToken(why) : await cookieToken(signal);
  const owner = found === null ? undefined : (ownerOf(found) ?? (await ownerUnlessRefused(found, signal)));
  if (owner !== undefined && owner === whose) return found;
  if (owner !== undefined) void refreshSession();
  else if (person?.id === whose) hasEnded = true;
  return null;
}

/** Begin the session again, as the service asks for it, and end the one before. Throws what `signIn` throws. */
export async function confirmPassword(password: string): Promise<void> {
  if (!person) return;
  const before = await callAuth<CurrentSession | null>("get-session");
  await signIn(person.email, password, person.isKept);
  if (before) await callAuth("revoke-session", { token: before.session.token }).catch(() => undefined);
}

/** Forget the person on this device, in every tab, then end the session: without a network, before the next call. */
export async function signOut(): Promise<void> {
  const left = person;
  if (!left) return;
  forget();
  channel?.postMessage({ left: left.id } satisfies News);
  if (config.provider !== "other") await endSession();
}

/** Follow the other tabs: they have one session together. */
export function followTabs(): void {
  channel?.addEventListener("message", ({ data }: MessageEvent<News>) => {
    if ("entered" in data) {
      if (config.provider !== "other") adopt(data.entered);
    } else if (data.left === person?.id) forget();
  });
  // A tab that was frozen or restored has missed the message.
  document.addEventListener("visibilitychange", () => {
    const isGone = person?.isKept === true && remembered()?.id !== person.id;
    if (document.visibilityState === "visible" && isGone) location.reload();
  });
}

async function refreshCookie(): Promise<void> {
  const found = await callAuth<CurrentSession | null>("get-session");
  if (!found) {
    hasEnded = person !== undefined;
    return;
  }
  // A session that ends with the browser lasts a day. Others last longer, and are kept.
  const { updatedAt, expiresAt } = found.session;
  const isLong = Date.parse(expiresAt) - Date.parse(updatedAt) > 1.5 * DAY;
  await begin(found.user, person?.account === found.user.id ? person.isKept : isLong);
}

async function refreshToken(): Promise<void> {
  if (accessToken !== undefined) await signInWithToken(accessToken, person?.isKept ?? false);
  else hasEnded = person !== undefined;
}

async function cookieToken(signal?: AbortSignal): Promise<string | null> {
  try {
    return (await callAuth<{ token: string }>("token", undefined, signal)).token;
  } catch (error) {
    if (error instanceof AuthRefused && error.status === 401) return null;
    throw error;
  }
}

function ownToken(why: "start" | "refused"): string | null {
  if (why === "refused") keepToken(undefined);
  return accessToken ?? null;
}

async function begin({ id: account, name, email }: User, isKept: boolean): Promise<void> {
  enter({ id: await idOf(account), account, name, email, isKept });
}

/** Better Auth's token says who its user is for Doable. */
async function idOf(account: string): Promise<string> {
  if (config.provider === "accounts") return account;
  if (person?.account === account) return person.id;
  const found = await cookieToken();
  if (found === null) throw new AuthRefused("", 401, "NO_COOKIE");
  return (await askOwner(found)).id;
}

interface Owner {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** Whose token it is, if it says so: those of Doable's own accounts do. */
export function ownerOf(token: string): string | undefined {
  if (config.provider !== "accounts") return undefined;
  const [, payload = ""] = token.split(".");
  const { sub } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as { readonly sub: string };
  return sub;
}

async function askOwner(token: string, signal?: AbortSignal): Promise<Owner> {
  const answer = await fetch("/api/me", {
    headers: { authorization: `Bearer ${token}` },
    cache: "no-store",
    ...(signal && { signal }),
  });
  if (answer.ok) return (await answer.json()) as Owner;
  if (answer.status === 401) throw new AuthRefused("", 401, "INVALID_TOKEN");
  throw new TypeError(`The service did not say whose token it is: ${answer.status}`);
}

async function ownerUnlessRefused(token: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await askOwner(token, signal)).id;
  } catch (error) {
    if (error instanceof AuthRefused) return undefined;
    throw error;
  }
}

function enter(next: Person): void {
  adopt(next);
  writeSetting("person", next.isKept ? JSON.stringify(next) : null);
  channel?.postMessage({ entered: next } satisfies News);
}

function adopt(next: Person): void {
  const isSame = JSON.stringify(person) === JSON.stringify(next);
  if (!isSame) person = next;
  hasEnded = false;
  isKnown = true;
}

function forget(): void {
  person = undefined;
  hasEnded = false;
  keepToken(undefined);
  forgetSettings();
}

function remembered(): Person | undefined {
  const text = readSetting("leaving") ? null : readSetting("person");
  return text === null ? undefined : (JSON.parse(text) as Person);
}

function readToken(): string | undefined {
  try {
    return sessionStorage.getItem(TOKEN) ?? undefined;
  } catch {
    return undefined;
  }
}

function keepToken(token: string | undefined): void {
  accessToken = token;
  try {
    if (token === undefined) sessionStorage.removeItem(TOKEN);
    else sessionStorage.setItem(TOKEN, token);
  } catch {
    // It lasts as long as the page.
  }
}
