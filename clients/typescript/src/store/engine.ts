// The work of the leader: send what waits, fetch what changed, and listen for more.

import type { Connection } from "../calls/connection.ts";
import { Backoff, SignedOut, Unreachable } from "../calls/index.ts";
import type { Journal } from "./journal.ts";
import { Cell } from "./live.ts";
import { type Platform, sleep } from "./platform.ts";
import { Sender } from "./sender.ts";
import { Walker } from "./walk.ts";

const CONTACTS = ["none", "live", "offline", "signed-out"] as const;

/** How the last attempt to reach the service went. */
export type Contact = (typeof CONTACTS)[number];

export function isContact(value: unknown): value is Contact {
  return CONTACTS.some((contact) => contact === value);
}

const NEVER = 2 ** 31 - 1; // the longest time of a timer

export class Engine {
  readonly contact = new Cell<Contact>("none");
  readonly syncedAt = new Cell<Date | undefined>(undefined);
  readonly #journal: Journal;
  readonly #connection: Connection;
  readonly #platform: Platform;
  readonly #now: () => Date;
  readonly #sender: Sender;
  readonly #walker: Walker;
  readonly #backoff: Backoff;
  #turn: Promise<void> = Promise.resolve();
  #isStale = true;
  #alarm = new AbortController();
  #nudge = new AbortController();

  constructor(journal: Journal, connection: Connection, platform: Platform, now: () => Date) {
    this.#journal = journal;
    this.#connection = connection;
    this.#platform = platform;
    this.#now = now;
    this.#sender = new Sender(journal, connection, now);
    this.#walker = new Walker(journal, connection);
    this.#backoff = this.newBackoff();
  }

  newBackoff(): Backoff {
    const platform = this.#platform;
    return new Backoff(
      () => platform.isVisible(),
      () => platform.random(),
    );
  }

  /** There is something to do. While the service can't be reached, it waits. */
  poke(): void {
    this.#nudge.abort();
  }

  /** Try now, also when the service could not be reached a moment ago. */
  wake(): void {
    this.#isStale = true;
    this.#backoff.reset();
    const rung = this.#alarm;
    this.#alarm = new AbortController();
    rung.abort();
    this.#nudge.abort();
  }

  /** Work until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    this.#isStale = true;
    void this.#listen(signal);
    while (!signal.aborted) {
      this.#nudge = new AbortController();
      const { signal: alarm } = this.#alarm;
      const wait = await this.#attempt(signal);
      if (wait === undefined) await sleep(NEVER, signal, this.#nudge.signal);
      else await this.#pause(wait, signal, alarm);
    }
  }

  // What others change is shown also while a write has to wait. Who has signed in again need not wait.
  async #pause(wait: number, signal: AbortSignal, alarm: AbortSignal): Promise<void> {
    const end = new AbortController();
    void sleep(wait, signal, alarm).then(() => end.abort());
    while (!end.signal.aborted) {
      this.#nudge = new AbortController();
      if (this.contact.get() === "live" && this.#isStale) {
        await this.#inTurn(() => this.#fetch(signal)).catch((error: unknown) => this.#fail(error, signal));
      }
      await sleep(NEVER, end.signal, this.#nudge.signal);
      if (this.contact.get() === "signed-out") return;
    }
  }

  /** Send and fetch everything once. Throws Unreachable and SignedOut. */
  async cycle(signal: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#sendAndFetch(signal));
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  // How long to wait before the next attempt. Undefined: until there is something to do.
  async #attempt(signal: AbortSignal): Promise<number | undefined> {
    try {
      await this.cycle(signal);
      this.#backoff.reset();
      return undefined;
    } catch (error) {
      this.#fail(error, signal);
      if (error instanceof SignedOut) return NEVER;
      return this.#backoff.next(error instanceof Unreachable ? error.retryAfterMs : undefined);
    }
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (error instanceof SignedOut) this.contact.set("signed-out");
    else if (this.#isStale) this.contact.set("offline");
  }

  async #sendAndFetch(signal: AbortSignal): Promise<void> {
    // What was done offline is frozen only when it can be sent: until then it can be withdrawn.
    if (this.#isStale || this.contact.get() !== "live") await this.#fetch(signal);
    const failed = await this.#sender.send(signal).catch((error: unknown) => error);
    if (failed instanceof SignedOut) throw failed;
    if (failed || this.#journal.model.outbox.get().some(({ answer }) => answer)) await this.#fetch(signal);
    if (this.contact.get() === "signed-out") this.wake();
    if (!signal.aborted) this.contact.set("live");
    if (failed instanceof Unreachable) await this.#sender.blame(failed);
    if (failed) throw failed;
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    this.#isStale = false;
    try {
      await this.#walker.walk(signal);
      this.syncedAt.set(this.#now());
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  // One stream of events after another. An event says only that a walk is due.
  async #listen(signal: AbortSignal): Promise<void> {
    const backoff = this.newBackoff();
    while (!signal.aborted) {
      const { cursor } = this.#journal.copy;
      const { signal: alarm } = this.#alarm;
      const wait = cursor === undefined ? 100 : await this.#follow(cursor, signal, backoff);
      await sleep(wait, signal, alarm);
    }
  }

  async #follow(cursor: string, signal: AbortSignal, backoff: Backoff): Promise<number> {
    try {
      for await (const event of this.#connection.events(cursor, signal)) {
        backoff.reset();
        if (this.contact.get() === "offline") this.wake();
        if (event === "heartbeat" || event.revision <= this.#walker.seen) continue;
        this.#isStale = true;
        this.poke();
      }
    } catch (error) {
      this.#isStale = true;
      this.poke();
      if (error instanceof SignedOut) return NEVER;
      return backoff.next(error instanceof Unreachable ? error.retryAfterMs : undefined);
    }
    return backoff.next();
  }
}
