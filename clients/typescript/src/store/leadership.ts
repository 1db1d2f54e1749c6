// Which tab speaks with the service. Two at once do no harm, so this only saves requests.
//
// Where there are Web Locks, the leader holds one and says over the channel that it lives, because a frozen tab keeps
// its lock. Elsewhere it says so in the storage. Nothing here compares clocks.

import { isRow } from "./json.ts";
import type { Journal } from "./journal.ts";
import { type Platform, release } from "./platform.ts";
import type { Storage } from "./storage.ts";
import { uuid } from "./uuid.ts";

/** What the leader does until the signal ends it. */
export type Lead = (signal: AbortSignal) => void;

export abstract class Leadership {
  protected readonly tab = uuid();
  readonly #lead: Lead;
  protected readonly platform: Platform;
  readonly #timer: ReturnType<typeof setInterval>;
  #term: AbortController | undefined;
  protected isClosed = false;
  #heard = performance.now();
  #patience: number;

  constructor(platform: Platform, lead: Lead) {
    this.platform = platform;
    this.#lead = lead;
    this.#patience = platform.patience;
    this.#timer = setInterval(() => this.#tick(), platform.patience / 5);
    release(this.#timer);
  }

  get isLeader(): boolean {
    return this.#term !== undefined;
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.#timer);
    this.resign();
  }

  /** The leader lives. */
  hear(): void {
    this.#heard = performance.now();
  }

  protected begin(): void {
    if (this.#term) return;
    this.#term = new AbortController();
    this.#lead(this.#term.signal);
    this.beat();
  }

  protected resign(): void {
    this.#term?.abort();
    this.#term = undefined;
    this.hear();
  }

  /** Say that the leader lives. */
  protected abstract beat(): void;
  protected abstract takeOver(): void;
  protected look(): void {
    // Where there are locks, heartbeats arrive unasked.
  }

  #tick(): void {
    if (this.isLeader) return this.beat();
    this.look();
    if (performance.now() - this.#heard < this.#patience || !this.platform.isVisible()) return;
    this.hear();
    this.#patience *= 2;
    this.takeOver();
  }
}

export class LockLeadership extends Leadership {
  readonly #locks: LockManager;
  readonly #name: string;
  readonly #journal: Journal;
  readonly #closed = new AbortController();
  readonly #refused: () => void;

  /** `refused` is called if this page may have no locks. */
  constructor(locks: LockManager, name: string, journal: Journal, platform: Platform, lead: Lead, refused: () => void) {
    super(platform, lead);
    this.#locks = locks;
    this.#name = name;
    this.#journal = journal;
    this.#refused = refused;
    journal.messages.add(({ kind }) => kind === "beat" && this.hear());
    this.#request({ signal: this.#closed.signal });
  }

  override close(): void {
    super.close();
    this.#closed.abort();
  }

  protected beat(): void {
    this.#journal.send({ kind: "beat" });
  }

  protected takeOver(): void {
    this.#request({ steal: true });
  }

  #request(options: LockOptions): void {
    let isHeld = false;
    this.#locks
      .request(this.#name, options, () => ((isHeld = true), this.#hold()))
      .catch(() => {
        if (this.#closed.signal.aborted) return;
        if (!isHeld) return this.#refused();
        // Another tab has taken the lock, because this one was silent.
        this.resign();
        this.#request({ signal: this.#closed.signal });
      });
  }

  #hold(): Promise<void> {
    if (this.#closed.signal.aborted) return Promise.resolve();
    this.begin();
    return new Promise((resolve) => this.#closed.signal.addEventListener("abort", () => resolve()));
  }
}

interface Lease {
  readonly tab: string;
  readonly beat: number;
}

export class LeaseLeadership extends Leadership {
  readonly #storage: Storage;
  #seen: Lease | undefined;

  constructor(storage: Storage, platform: Platform, lead: Lead) {
    super(platform, lead);
    this.#storage = storage;
    this.#claim((lease) => !lease);
  }

  override close(): void {
    const wasLeader = this.isLeader;
    super.close();
    if (wasLeader) this.#exchange((lease, put) => lease?.tab === this.tab && put(undefined));
  }

  protected beat(): void {
    this.#exchange((lease, put) => {
      if (lease && lease.tab !== this.tab) this.resign();
      else put({ tab: this.tab, beat: (lease?.beat ?? 0) + 1 });
    });
  }

  protected override look(): void {
    this.#claim((lease) => {
      if (lease?.tab !== this.#seen?.tab || lease?.beat !== this.#seen?.beat) this.hear();
      this.#seen = lease;
      return !lease;
    });
  }

  protected takeOver(): void {
    this.#claim((lease) => lease?.tab === this.#seen?.tab && lease?.beat === this.#seen?.beat);
  }

  #claim(isFree: (lease: Lease | undefined) => boolean): void {
    this.#exchange((lease, put) => {
      if (this.isClosed || !isFree(lease)) return;
      put({ tab: this.tab, beat: 0 });
      this.begin();
    });
  }

  #exchange(work: (lease: Lease | undefined, put: (lease: Lease | undefined) => void) => unknown): void {
    this.#storage
      .run("write", async (transaction) => {
        const lease = await transaction.get("meta", "lease");
        const put = (next: Lease | undefined): void => transaction.put("meta", "lease", next);
        work(isLease(lease) ? lease : undefined, put);
      })
      .catch(() => undefined); // The next beat tries again.
  }
}

function isLease(value: unknown): value is Lease {
  return isRow(value) && typeof value["tab"] === "string" && typeof value["beat"] === "number";
}
