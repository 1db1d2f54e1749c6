// Calls to the service of accounts: Doable's own, or Better Auth, which has the same paths and codes.

import { config } from "./config.ts";
import { readSetting, writeSetting } from "./storage.ts";

/** The service refused. `message` is the service's sentence, and `code` is for the program. */
export class AuthRefused extends Error {
  override readonly name = "AuthRefused";
  readonly status: number;
  readonly code: string;
  /** In seconds. */
  readonly retryAfter: number | undefined;

  constructor(message: string, status: number, code: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * Throws AuthRefused, and TypeError without a network. A session that a person left without a network ends before
 * anything else is sent.
 */
export async function callAuth<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
  if (readSetting("leaving")) await alone(endLeftSession);
  return request(path, body, signal);
}

/** End the session: now, or before the next call, if there is no network. */
export async function endSession(): Promise<void> {
  writeSetting("leaving", "yes");
  await alone(endLeftSession).catch(() => undefined);
}

/** The service has begun a new session for the cookie: there is no old one to end. */
async function endLeftSession(): Promise<void> {
  if (!readSetting("leaving")) return; // Another tab has ended it.
  await request("sign-out", {});
  writeSetting("leaving", null);
}

/** Whether the service of accounts answers at all, also where this page may not read its answers. */
export async function isReachable(): Promise<boolean> {
  try {
    await fetch(address("get-session"), { mode: "no-cors", credentials: "omit" });
    return true;
  } catch {
    return false;
  }
}

async function request<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(address(path), {
    method: body ? "POST" : "GET",
    credentials: config.authUrl === null ? "same-origin" : "include",
    cache: "no-store",
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    ...(signal && { signal }),
  });
  const json = parsed(await answer.text());
  if (answer.ok) return json as T; // The shapes are those of docs/accounts.md.
  const { message, code } = { message: "", code: "", ...json };
  const seconds = Number(answer.headers.get("retry-after") ?? answer.headers.get("x-retry-after"));
  throw new AuthRefused(message, answer.status, code, seconds || undefined);
}

function address(path: string): string {
  return `${config.authUrl ?? ""}/api/auth/${path}`;
}

function parsed(text: string): object | null {
  try {
    return JSON.parse(text) as object | null;
  } catch {
    return {}; // A proxy answers with a page of its own.
  }
}

/** One tab at a time, where the browser can: else a tab could end the session that another one has begun. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return work();
  await navigator.locks.request("doable session", work);
}
