// One user's tasks on this device: live, offline, and the same in every tab.

import { type CallOptions, connect } from "../calls/connection.ts";
import { SignedOut, Unreachable } from "../calls/index.ts";
import { type Change, Changes } from "./changes.ts";
import { AnyCollection, AnyTasks } from "./collection.ts";
import { type Conflict, Conflicts } from "./conflicts.ts";
import type { Context } from "./effects.ts";
import { Engine, isContact } from "./engine.ts";
import { checked } from "./identity.ts";
import { IndexedDBStorage } from "./indexeddb.ts";
import { Journal, type Message } from "./journal.ts";
import type { Row } from "./json.ts";
import { type Leadership, LeaseLeadership, LockLeadership } from "./leadership.ts";
import { Cell, type Live } from "./live.ts";
import { Model } from "./model.ts";
import type { Write } from "./ops.ts";
import type { Options, Pending, Status } from "./options.ts";
import { type Platform, release, sleep } from "./platform.ts";
import { Recorder } from "./recorder.ts";
import { type Rules, viewerOf } from "./rules.ts";
import { StatusBoard } from "./status.ts";
import { MemoryStorage, Outdated } from "./storage.ts";

/** Changes would be lost that the service does not have. */
export class Unsent extends Error {
  override readonly name = "Unsent";
  readonly count: number;

  constructor(count: number) {
    super(`${count} changes are not sent yet, or in conflict`);
    this.count = count;
  }
}

const MINUTE = 60_000;

/** The store without the types of its objects: index.ts adds them. */
export class AnyStore {
  readonly tasks: AnyTasks;
  readonly lists: AnyCollection;
  readonly labels: AnyCollection;
  readonly filters: AnyCollection;
  readonly me: Live<Row | undefined>;
  readonly outbox = new Cell<readonly Pending[]>([]);
  readonly conflicts = new Cell<readonly Conflict[]>([]);
  readonly #options: Options;
  readonly #platform: Platform;
  readonly #name: string;
  readonly #model: Model;
  readonly #journal: Journal;
  readonly #changes: Changes;
  readonly #recorder: Recorder;
  readonly #engine: Engine;
  readonly #board: StatusBoard;
  readonly #opened: Promise<void>;
  readonly #closed = new AbortController();
  #rules: Rules | undefined;
  #hasRules: boolean;
  #leadership: Leadership | undefined;

  constructor(options: Options, platform: Platform) {
    this.#options = options;
    this.#platform = platform;
    this.#name = nameOf(options);
    this.#hasRules = options.rules !== undefined;
    const factory = (options.storage ?? "durable") === "durable" ? platform.indexedDB : undefined;
    const memory = typeof options.storage === "object" ? options.storage : new MemoryStorage();
    this.#board = new StatusBoard(factory ? "durable" : "memory");
    this.#model = new Model(
      () => this.#context(),
      (refused) => shown.present(refused),
    );
    const storage = factory ? new IndexedDBStorage(factory, this.#name, (why) => this.#journal.lose(why)) : memory;
    this.#journal = new Journal(this.#model, storage, this.#name, factory && platform.channel(this.#name));
    this.#changes = new Changes(this.#model);
    this.#opened = Promise.resolve().then(() => this.#open(factory !== undefined));
    this.#recorder = new Recorder(this.#journal, this.#changes, () => this.#context(), this.#opened);
    const shown = new Conflicts(this.#journal, this.#changes, this.#recorder);
    this.#engine = new Engine(this.#journal, connect(this.#callOptions()), platform, () => this.#now());
    this.me = this.#model.me;
    const [model, recorder] = [this.#model, this.#recorder];
    const means = {
      model,
      recorder,
      context: () => this.#context(),
      hasRules: () => this.#hasRules,
      timeZone: options.timeZone,
    };
    this.tasks = new AnyTasks(means);
    this.lists = new AnyCollection(means, "list");
    this.labels = new AnyCollection(means, "label");
    this.filters = new AnyCollection(means, "filter");
    this.#watch(shown);
    void this.#awaitRules();
  }

  get status(): Live<Status> {
    return this.#board.cell;
  }

  transact(label: string, work: () => void): Change {
    return this.#recorder.transact(label, work);
  }

  undo(change?: Change): Change | undefined {
    return this.#recorder.undo(change);
  }

  async sync(): Promise<void> {
    await this.#opened;
    this.#engine.wake();
    this.#journal.send({ kind: "wake" });
    const held = setInterval(() => undefined, MINUTE); // In Node, the process runs until this has resolved.
    try {
      await this.#syncAll();
    } finally {
      clearInterval(held);
    }
  }

  async #syncAll(): Promise<void> {
    for (const backoff = this.#engine.newBackoff(); !this.#closed.signal.aborted;) {
      try {
        await this.#recorder.settle();
        await this.#engine.cycle(this.#closed.signal);
        if (!this.#waiting().length) return;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        await sleep(backoff.next(error.retryAfterMs), this.#closed.signal);
        this.#engine.wake();
      }
    }
    throw new SignedOut();
  }

  async signOut(unsent: "refuse" | "discard"): Promise<void> {
    await this.#recorder.settle();
    const count = await this.#journal.destroy(unsent === "refuse");
    if (count) throw new Unsent(count);
    this.#journal.close();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#recorder.settle().catch(() => undefined);
    this.#journal.close();
  }

  async #open(isDurable: boolean): Promise<void> {
    try {
      await this.#journal.reload();
    } catch (error) {
      this.#board.set({ isOutdated: error instanceof Outdated });
      if (error instanceof Outdated || !isDurable) {
        this.#end();
        throw error;
      }
      this.#board.set({ storage: "memory" });
      await this.#journal.fallBack();
      return this.#lead();
    }
    if (!isDurable) return this.#lead();
    this.#journal.send({ kind: "hello" });
    this.#elect();
  }

  // Without other tabs, this one leads.
  #lead(): void {
    if (this.#closed.signal.aborted) return;
    this.#board.set({ leader: true });
    void this.#engine.run(this.#closed.signal);
  }

  #elect(): void {
    if (this.#closed.signal.aborted) return;
    const { locks } = this.#platform;
    const lead = (signal: AbortSignal): void => {
      this.#board.set({ leader: true });
      signal.addEventListener("abort", () => this.#board.set({ leader: false }));
      void this.#engine.run(signal);
    };
    const lease = (): void => {
      this.#leadership?.close();
      this.#leadership = new LeaseLeadership(this.#journal.storage, this.#platform, lead);
    };
    if (!locks || !this.#journal.hasChannel) return lease();
    this.#leadership = new LockLeadership(locks, this.#name, this.#journal, this.#platform, lead, lease);
  }

  #end(): void {
    this.#closed.abort();
    this.#leadership?.close();
    this.#board.set({ isStopped: true });
  }

  #watch(shown: Conflicts): void {
    const [model, journal, engine, board] = [this.#model, this.#journal, this.#engine, this.#board];
    model.outbox.subscribe(() => this.outbox.set(this.#waiting().map(pendingOf)));
    model.outbox.subscribe(() => board.set({ waiting: this.#waiting().length }));
    model.outbox.subscribe(() => engine.poke());
    model.conflicts.subscribe((all) => this.conflicts.set(all.map((refused) => shown.present(refused))));
    model.changes.add(() => board.set({ isComplete: journal.copy.isComplete }));
    journal.emptied.add(() => engine.wake());
    journal.isFull.subscribe((isFull) => board.set({ isFull }));
    journal.isGone.subscribe(() => this.#end());
    journal.isOutdated.subscribe((isOutdated) => (board.set({ isOutdated }), this.#end()));
    journal.messages.add((message) => this.#hear(message));
    engine.contact.subscribe((contact) => board.set({ contact }));
    engine.syncedAt.subscribe((syncedAt) => board.set({ syncedAt }));
    for (const cell of [engine.contact, engine.syncedAt]) cell.subscribe(() => this.#tellContact());
    this.#every(MINUTE, () => model.refresh());
    if (!journal.hasChannel)
      this.#every(this.#platform.patience / 10, () => void journal.look().catch(() => undefined));
    const wake = this.#platform.onWake(() => (engine.wake(), model.refresh()));
    this.#closed.signal.addEventListener("abort", wake);
  }

  #every(milliseconds: number, run: () => void): void {
    const timer = setInterval(run, milliseconds);
    release(timer);
    this.#closed.signal.addEventListener("abort", () => clearInterval(timer));
  }

  /** The other tabs show what the leader knows of the service. */
  #tellContact(): void {
    if (!this.#board.cell.get().leader) return;
    this.#journal.send({ kind: "contact", contact: this.#engine.contact.get(), syncedAt: this.#engine.syncedAt.get() });
  }

  #hear({ kind, contact, syncedAt }: Message): void {
    if (kind === "hello") return this.#tellContact();
    const isLeader = this.#board.cell.get().leader;
    if (kind === "wake" && isLeader) return this.#engine.wake();
    if (kind !== "contact" || isLeader || !isContact(contact)) return;
    this.#board.set({ contact, ...(syncedAt instanceof Date && { syncedAt }) });
  }

  #waiting(): readonly Write[] {
    return this.#model.outbox.get().filter(({ answer }) => !answer);
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  #context(): Context {
    const { user, timeZone } = this.#options;
    return { user, rules: this.#rules, viewer: viewerOf(this.#model.me.get(), this.#now(), timeZone) };
  }

  #callOptions(): CallOptions {
    const { url, user, token, ownerOf, fetch: given } = this.#options;
    const fetch: typeof globalThis.fetch = given ?? ((...request) => globalThis.fetch(...request));
    const stop = (): void => {
      this.#journal.isStopped = true;
      this.#end();
    };
    return {
      ...(url !== undefined && { url }),
      fetch,
      token: checked({ token, user, ownerOf, url: url ?? "", fetch, stop }),
    };
  }

  async #awaitRules(): Promise<void> {
    try {
      this.#rules = await this.#options.rules;
    } catch {
      this.#hasRules = false; // They could not be loaded: what needs them says so.
    }
    this.#model.refresh();
  }
}

// One user of one service, however its address is written.
function nameOf({ user, url = "" }: Options): string {
  let service = url.replace(/\/*$/, "/");
  try {
    service = new URL(service, globalThis.location?.href).href;
  } catch {
    // There is no page that it is relative to.
  }
  return `doable ${JSON.stringify([user, service])}`;
}

function pendingOf({ id, label, at, request, ops }: Write): Pending {
  return { id, label, at: new Date(at), isSent: request !== undefined, size: ops.length };
}
