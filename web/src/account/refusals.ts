// What a person is told when the service of accounts refuses.

import { AuthRefused, isReachable } from "../app/auth.ts";
import { config } from "../app/config.ts";
import { m } from "../i18n/index.ts";

export type FieldName = "name" | "email" | "password" | "token";

export interface Refusal {
  readonly text: string;
  /** The field that it is about. Undefined: the form as a whole. */
  readonly field: FieldName | undefined;
  /** How many seconds to wait before the next attempt. */
  readonly wait: number | undefined;
}

const FIELDS: Readonly<Record<string, FieldName>> = {
  INVALID_EMAIL: "email",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "email",
  USER_ALREADY_EXISTS: "email",
  INVALID_EMAIL_OR_PASSWORD: "password",
  INVALID_PASSWORD: "password",
  PASSWORD_TOO_SHORT: "password",
  PASSWORD_TOO_LONG: "password",
  PASSWORD_COMPROMISED: "password",
  INVALID_TOKEN: "token",
};

export async function refusalOf(error: unknown): Promise<Refusal> {
  if (!(error instanceof AuthRefused)) return refusal(await explainSilence());
  const { code, message, status, retryAfter } = error;
  if (status === 429) return { text: m.account.signIn.wait, field: undefined, wait: retryAfter ?? 1 };
  const text = m.account.refused[code] ?? explainSettings(error) ?? m.reasons[code.toLowerCase()] ?? told(message);
  return { text, field: FIELDS[code], wait: undefined };
}

function told(sentence: string): string {
  return sentence ? m.app.refused(sentence) : m.account.signIn.unreachable;
}

function refusal(text: string): Refusal {
  return { text, field: undefined, wait: undefined };
}

/** No answer came, or the browser does not let this page read it. */
async function explainSilence(): Promise<string> {
  const words = m.account.signIn;
  if (!navigator.onLine) return words.offline;
  if (config.authUrl !== null && (await isReachable())) return words.noAccess(config.authUrl, location.origin);
  return words.unreachable;
}

/** The settings that whoever runs the service has to change. */
function explainSettings({ code, status }: AuthRefused): string | undefined {
  const words = m.account.signIn;
  if (code === "INVALID_ORIGIN")
    return config.provider === "accounts" ? words.untrusted(location.origin) : words.untrustedThere(location.origin);
  if (code === "NO_COOKIE") return words.noCookie(config.authUrl ?? location.origin);
  if (config.provider === "better-auth" && status === 404) return config.authUrl ? words.noTokens : words.noAddress;
  return undefined;
}
