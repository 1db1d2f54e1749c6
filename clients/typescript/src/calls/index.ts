// Typed calls to Doable: README.md says how to use them.

import { createApi, type TypedApi } from "./api.ts";
import { type CallOptions, connect, type Connection } from "./connection.ts";
import type { Change } from "./events.ts";
import type { TokenSource } from "./tokens.ts";
import type { Answer, Call } from "./transport.ts";

export { Backoff } from "./backoff.ts";
export { isProblem } from "./checks.ts";
export { CursorExpired, Refused, SignedOut, Unreachable } from "./errors.ts";
export type * from "./openapi.ts";
export type { User as Me } from "./openapi.ts";
export type { Answer, Call, CallOptions, Change, TokenSource, TypedApi };

export interface Calls extends Connection {
  /** Typed calls. They throw `Refused` for what the service refuses. */
  readonly api: TypedApi;
}

export function createCalls(options: CallOptions): Calls {
  const connection = connect(options);
  return { api: createApi(connection.send), ...connection };
}
