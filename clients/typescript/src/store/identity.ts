// Whose token is it? No byte of one user may go out with the token of another.

import type { TokenSource } from "../calls/index.ts";
import { isRow } from "./json.ts";

interface Means {
  readonly token: TokenSource;
  readonly user: string;
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly ownerOf: ((token: string) => string | undefined) | undefined;
  /** Called for a token of another user. */
  stop(): void;
}

/** A source that gives out only tokens of the user. It asks the service about each new one that does not say whose it is. */
export function checked(means: Means): TokenSource {
  let verified: string | undefined;
  return async (why, signal) => {
    for (const reason of [why, "refused"] as const) {
      const token = await means.token(reason, signal);
      if (token === null || token === verified) return token;
      const owner = means.ownerOf?.(token) ?? (await askOwner(token, means, signal));
      if (owner === means.user) return (verified = token);
      if (owner === undefined) continue;
      means.stop();
      break;
    }
    return null;
  };
}

// Undefined: the service refuses the token.
async function askOwner(token: string, { url, fetch }: Means, signal: AbortSignal): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url.replace(/\/+$/, "")}/api/me`, {
    headers,
    signal,
    cache: "no-store",
    redirect: "error",
  });
  const me: unknown = await response.json();
  if (response.status === 401) return undefined;
  if (!response.ok || !isRow(me)) throw new Error(`The service did not say whose token it is: ${response.status}`);
  return me["id"];
}
