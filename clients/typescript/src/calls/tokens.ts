import { SignedOut, Unreachable } from "./errors.ts";
import { unlessAborted, Watch } from "./watch.ts";

/** Gives a token: the first one, or another one because the service refused the last. Null: the user is signed out. */
export type TokenSource = (why: "start" | "refused", signal: AbortSignal) => Promise<string | null>;

/** The token of all callers. It knows no time: a token is good until the service refuses it. */
export class Tokens {
  #token: string | undefined;
  #asking: Promise<string> | undefined;
  readonly #source: TokenSource;
  readonly #silenceMs: number;

  constructor(source: TokenSource, silenceMs: number) {
    this.#source = source;
    this.#silenceMs = silenceMs;
  }

  /** A token other than `refused`. All who wait for one get the same. */
  async get(signal: AbortSignal, refused?: string): Promise<string> {
    if (this.#token !== undefined && this.#token !== refused) return this.#token;
    const why = refused === undefined ? "start" : "refused";
    this.#asking ??= this.#ask(why).finally(() => (this.#asking = undefined));
    return unlessAborted(this.#asking, signal);
  }

  async #ask(why: "start" | "refused"): Promise<string> {
    const watch = new Watch(this.#silenceMs);
    try {
      this.#token = (await watch.hear(this.#source(why, watch.signal))) ?? undefined;
    } catch (cause) {
      throw new Unreachable("There was no token", { cause });
    } finally {
      watch.close();
    }
    if (this.#token === undefined) throw new SignedOut();
    return this.#token;
  }
}
