// What sends requests and listens, without the types of each operation. The store needs no more.

import { type Change, events } from "./events.ts";
import { type TokenSource, Tokens } from "./tokens.ts";
import { type Answer, type Call, Transport } from "./transport.ts";

export interface CallOptions {
  /** The address of the service, such as `https://tasks.example.com`. In a browser, by default that of the page. */
  readonly url?: string;
  readonly token: TokenSource;
  readonly fetch?: typeof fetch;
  /** How long a connection may be silent, in milliseconds: 30 000 by default. The service sends something every 15 seconds. */
  readonly silenceMs?: number;
}

export interface Connection {
  /**
   * Send one request. It resolves with any final answer, 2xx or 4xx, and throws `Unreachable` if there is none, or `SignedOut`. It
   * does not retry.
   */
  send(call: Call): Promise<Answer>;
  /** One connection of the stream of changes. */
  events(cursor: string | undefined, signal: AbortSignal): AsyncIterable<Change | "heartbeat">;
}

export function connect({ url, token, fetch: fetcher, silenceMs = 30_000 }: CallOptions): Connection {
  if (url === undefined && typeof location === "undefined") throw new TypeError("Set `url`: this is no page");
  const ownFetch: typeof fetch = fetcher ?? ((...request) => fetch(...request));
  const transport = new Transport(url ?? "", ownFetch, new Tokens(token, silenceMs), silenceMs);
  return {
    send: (call) => transport.send(call),
    events: (cursor, signal) => events(transport, cursor, signal),
  };
}
