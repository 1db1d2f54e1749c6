// Typed calls to Doable: README.md says how to use them.

import { createApi, type TypedApi } from "./api.ts";
import { type Change, events } from "./events.ts";
import { type TokenSource, Tokens } from "./tokens.ts";
import { type Answer, type Call, Transport } from "./transport.ts";

export { Backoff } from "./backoff.ts";
export { isProblem } from "./checks.ts";
export { CursorExpired, Refused, SignedOut, Unreachable } from "./errors.ts";
export type * from "./openapi.ts";
export type { User as Me } from "./openapi.ts";
export type { Answer, Call, Change, TokenSource, TypedApi };

export interface CallOptions {
  /** The address of the service, such as `https://tasks.example.com`. In a browser, by default that of the page. */
  readonly url?: string;
  readonly token: TokenSource;
  readonly fetch?: typeof fetch;
  /** How long a connection may be silent, in milliseconds: 30 000 by default. The service sends something every 15 seconds. */
  readonly silenceMs?: number;
}

export interface Calls {
  /** Typed calls. They throw `Refused` for what the service refuses. */
  readonly api: TypedApi;
  /**
   * Send one request. It resolves with any final answer, 2xx or 4xx, and throws `Unreachable` if there is none, or `SignedOut`. It
   * does not retry.
   */
  send(call: Call): Promise<Answer>;
  /** One connection of the stream of changes. */
  events(cursor: string | undefined, signal: AbortSignal): AsyncIterable<Change | "heartbeat">;
}

export function createCalls({ url, token, fetch: fetcher, silenceMs = 30_000 }: CallOptions): Calls {
  if (url === undefined && typeof location === "undefined") throw new TypeError("Set `url`: this is no page");
  const ownFetch: typeof fetch = fetcher ?? ((...request) => fetch(...request));
  const transport = new Transport(url ?? "", ownFetch, new Tokens(token, silenceMs), silenceMs);
  const send = (call: Call) => transport.send(call);
  return { api: createApi(send), send, events: (cursor, signal) => events(transport, cursor, signal) };
}
