import { isProblem } from "./checks.ts";
import { Refused, SignedOut, Unreachable } from "./errors.ts";
import type { Problem } from "./openapi.ts";
import type { Tokens } from "./tokens.ts";
import { Watch } from "./watch.ts";

/** A request below /api/me. Its bytes are sent as they are, so that it can be repeated. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** JSON. */
  readonly body?: string | undefined;
  /** The `Idempotency-Key`, such as a UUID. */
  readonly key?: string | undefined;
  /** The revision that the object must have. */
  readonly ifMatch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A final answer of the service. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export class Transport {
  readonly #base: string;
  readonly #fetch: typeof fetch;
  readonly #tokens: Tokens;
  readonly #silenceMs: number;

  constructor(url: string, fetcher: typeof fetch, tokens: Tokens, silenceMs: number) {
    this.#base = `${url.replace(/\/+$/, "")}/api/me`;
    this.#fetch = fetcher;
    this.#tokens = tokens;
    this.#silenceMs = silenceMs;
  }

  async send(call: Call): Promise<Answer> {
    const headers = headersOf(call);
    const watch = this.watch(call.signal);
    try {
      const response = await this.open(call, headers, watch);
      return answerOf(response, await watch.text(response));
    } catch (error) {
      throw failure(error, call.signal);
    } finally {
      watch.close();
    }
  }

  watch(signal?: AbortSignal): Watch {
    return new Watch(this.#silenceMs, signal);
  }

  /** The response with a token that the service accepts. A new token is asked for only once. */
  async open(call: Call, headers: Headers, watch: Watch): Promise<Response> {
    const token = await this.#tokens.get(watch.signal);
    const response = await this.#request(call, headers, token, watch);
    if (!isUnauthenticated(response)) return response;
    await watch.text(response);
    const renewed = await this.#tokens.get(watch.signal, token);
    const second = await this.#request(call, headers, renewed, watch);
    if (!isUnauthenticated(second)) return second;
    throw new SignedOut(problemOf(second, await watch.text(second)));
  }

  #request({ method, path, body }: Call, headers: Headers, token: string, watch: Watch): Promise<Response> {
    headers.set("authorization", `Bearer ${token}`);
    // A redirect could turn a write into a read that succeeds.
    const how = { method, headers, signal: watch.signal, cache: "no-store", redirect: "manual" } as const;
    const fetcher = this.#fetch;
    return watch.hear(fetcher(this.#base + path, body === undefined ? how : { ...how, body }));
  }
}

export function headersOf({ body, key, ifMatch }: Call): Headers {
  const headers = new Headers();
  if (body !== undefined) headers.set("content-type", "application/json");
  if (key !== undefined) headers.set("idempotency-key", `"${key.replace(/["\\]/g, "\\$&")}"`);
  if (ifMatch !== undefined) headers.set("if-match", `"${ifMatch}"`);
  return headers;
}

/** What the caller gets to know of an error. */
export function failure(error: unknown, signal?: AbortSignal, retryAfterMs?: number): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignedOut || error instanceof Refused || error instanceof Unreachable) return error;
  return new Unreachable("The service can't be reached", { retryAfterMs, cause: error });
}

/** The answer, if it is final and from Doable: a proxy or a captive portal can answer too. */
export function answerOf(response: Response, text: string): Answer {
  const { status, headers } = response;
  const problem = problemOf(response, text);
  const isRefusal = problem !== undefined && status < 500 && ![408, 429].includes(status);
  if (isRefusal && problem.code !== "request_in_progress") return { status, headers, body: problem };
  if (status === 204 && headers.has("x-request-id")) return { status, headers, body: undefined };
  if (response.ok && mediaType(response) === "application/json") return { status, headers, body: JSON.parse(text) };
  throw new Unreachable(problem?.error ?? `Unexpected response: ${status}`, {
    status,
    problem,
    retryAfterMs: retryAfter(headers),
  });
}

export function mediaType({ headers }: Response): string | undefined {
  return headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
}

function isUnauthenticated(response: Response): boolean {
  return response.status === 401 && mediaType(response) === "application/problem+json";
}

function problemOf(response: Response, text: string): Problem | undefined {
  if (mediaType(response) !== "application/problem+json") return undefined;
  const body: unknown = JSON.parse(text);
  return isProblem(body) ? body : undefined;
}

/** RFC 9110 §10.2.3: seconds, or a date, which counts from the `Date` of the response and not from a clock of ours. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after") ?? "";
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return wait >= 0 ? wait : undefined;
}
