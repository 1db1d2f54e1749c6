// What a tab knows, and what is stored: the same, one commit after another, whichever tab made it.

import { SignedOut } from "../calls/index.ts";
import { type Commit, type Copy, EMPTY, erase, load, type Outcome, type Rest, run, type Snapshot } from "./commit.ts";
import type { Loss } from "./indexeddb.ts";
import { isRow } from "./json.ts";
import { Cell, Listeners } from "./live.ts";
import type { Model, State } from "./model.ts";
import type { Write } from "./ops.ts";
import type { Channel } from "./platform.ts";
import { MemoryStorage, type Storage } from "./storage.ts";

export interface Message {
  readonly kind: string;
  readonly [member: string]: unknown;
}

const GAP = 100; // milliseconds that a commit of another tab may be late
const TRIES = 4; // While a browser deletes data, it ends one connection after another.

export class Journal {
  readonly model: Model;
  /** Messages of other tabs that are no commits. */
  readonly messages = new Listeners<Message>();
  /** Told when the copy was lost, and has to be fetched again. */
  readonly emptied = new Listeners<undefined>();
  /** Whether the last write found no room. */
  readonly isFull = new Cell(false);
  /** Whether the user has signed out, here or in another tab. */
  readonly isGone = new Cell(false);
  /** Whether a newer release has taken the storage: this page has to be loaded again. */
  readonly isOutdated = new Cell(false);
  /** A store that was stopped changes nothing any more. */
  isStopped = false;
  copy: Copy = EMPTY;
  storage: Storage;
  readonly #owner: string;
  readonly #channel: Channel | undefined;
  /** The storage that did not open: this tab works in memory instead. */
  #failed: Storage | undefined;
  readonly #early = new Map<number, Commit>();
  #life = "";
  #version = -1;
  /** How often something has ended the connection to the storage since the last commit. */
  #ends = 0;
  #loading: Promise<void> | undefined;
  #arrived: () => void = () => undefined;

  constructor(model: Model, storage: Storage, owner: string, channel: Channel | undefined) {
    this.model = model;
    this.storage = storage;
    this.#owner = owner;
    this.#channel = channel;
    if (channel) channel.onmessage = ({ data }) => this.#receive(data);
  }

  get hasChannel(): boolean {
    return this.#channel !== undefined;
  }

  /** Read everything that is stored. */
  reload(): Promise<void> {
    return (this.#loading ??= this.#read().finally(() => (this.#loading = undefined)));
  }

  /** Look for commits and sign-outs whose message was lost, or for which there is no channel. */
  async look(): Promise<void> {
    if (!this.#life || this.isGone.get()) return;
    const [life, version = 0] = await this.storage.run("read", (transaction) =>
      Promise.all([transaction.get("meta", "life"), transaction.get("meta", "version")]),
    );
    if (life !== this.#life) return this.#end();
    if (version !== this.#version) await this.reload();
  }

  /** Something else than this store has ended the connection to the storage, or is about to delete the data. */
  async lose(why: Loss): Promise<void> {
    if (why === "newer") this.isOutdated.set(true);
    // A sign-out empties the storage before it deletes it: then there is nothing to keep.
    else if (why === "deletion") await this.look();
    else await this.#recover();
  }

  /** Work in memory. */
  fallBack(): Promise<void> {
    this.#failed = this.storage;
    this.storage = new MemoryStorage();
    return this.reload();
  }

  /** Store a change, show it, and tell the other tabs. `stale`: nothing happened, and what is shown is current. */
  async commit(commit: Commit): Promise<"done" | "stale" | "gone"> {
    if (this.isStopped) throw new SignedOut();
    const outcome = await this.#store(commit);
    if (outcome === "gone") this.#end();
    if (outcome === "stale") await this.reload();
    if (typeof outcome === "string") return outcome;
    this.send({ kind: "commit", ...outcome });
    await this.#follow(outcome.version, outcome.commit).catch(() => undefined); // It is stored, and shown later.
    return "done";
  }

  /** Show writes, then store them, together with another change. */
  async append(writes: readonly Write[], commit: Commit = {}): Promise<void> {
    const ids = writes.map(({ id }) => id);
    this.model.change(({ unstored }) => writes.forEach((write) => unstored.set(write.id, write)));
    try {
      const outcome = await this.commit({ ...commit, outbox: { put: writes, remove: [] } });
      const isStored = this.model.outbox.get().some(({ id, seq }) => seq > 0 && ids.includes(id));
      if (outcome !== "done" && !isStored) throw new Error("The change is no longer possible");
    } finally {
      // It was not stored, or another tab has sent it by now, and there is nothing left of it.
      const isLeft = this.model.outbox.get().some(({ id, seq }) => seq === 0 && ids.includes(id));
      if (isLeft) this.model.change(({ unstored }) => ids.forEach((id) => unstored.delete(id)));
    }
  }

  /** Tell the other tabs. Each message says where this tab is, so that one that missed something finds out. */
  send(message: Message): void {
    if (this.isGone.get()) return;
    try {
      this.#channel?.postMessage({ life: this.#life, version: this.#version, ...message });
    } catch {
      // It is closed.
    }
  }

  /** Remove everything that is stored, in every tab, and return 0. Or return how many changes are to be kept. */
  async destroy(isKept: boolean): Promise<number> {
    const failed = this.#failed;
    const count = await erase(this.storage, isKept, async () => (failed ? erase(failed, isKept).catch(() => 0) : 0));
    if (count) return count;
    this.send({ kind: "gone" });
    this.#end();
    await this.storage.destroy();
    await failed?.destroy().catch(() => undefined);
    return 0;
  }

  close(): void {
    this.isStopped = true;
    this.#channel?.close();
    this.storage.close();
    this.#failed?.close();
  }

  #end(): void {
    this.isGone.set(true);
    this.copy = EMPTY;
    this.model.change(clear);
  }

  // The stamps of a commit make it safe to try again: what was stored is stale then.
  async #store(commit: Commit): Promise<Outcome> {
    if (this.isGone.get()) return "gone";
    try {
      const outcome = await this.#try(commit, TRIES);
      this.isFull.set(false);
      return outcome;
    } catch (error) {
      if (isQuota(error)) this.isFull.set(true);
      throw error;
    }
  }

  async #try(commit: Commit, tries: number): Promise<Outcome> {
    const ends = this.#ends;
    try {
      const outcome = await run(this.storage, this.#life, commit, ends ? this.#rest() : undefined);
      if (ends === this.#ends) this.#ends = 0;
      return outcome;
    } catch (error) {
      if (isQuota(error) || tries === 1) throw error;
      this.#ends++;
      return this.#try(commit, tries - 1);
    }
  }

  // The data can have gone with the connection, and the service does not have what waits.
  async #recover(): Promise<void> {
    this.#ends++;
    if (this.#life && !this.isGone.get() && !this.isStopped) await this.commit({});
  }

  // The version leaves a gap, so that every tab reads what is left.
  #rest(): Rest {
    return {
      owner: this.#owner,
      version: this.#version + 1,
      copy: { ...EMPTY, epoch: this.copy.epoch ?? 0 },
      outbox: this.model.outbox.get().filter(({ seq }) => seq > 0),
      conflicts: this.model.conflicts.get(),
    };
  }

  async #read(): Promise<void> {
    const snapshot = await load(this.storage, this.#life || undefined, this.#owner);
    if (this.#life && this.#life !== snapshot.life) return this.#end();
    if (this.isGone.get() || snapshot.version < this.#version) return;
    this.#life = snapshot.life;
    this.#version = snapshot.version;
    const isEmptied = this.copy.cursor !== undefined && snapshot.copy.cursor === undefined;
    this.copy = snapshot.copy;
    this.model.change((state) => fill(state, snapshot));
    if (isEmptied) this.emptied.tell(undefined);
    this.#drain();
  }

  #receive(message: unknown): void {
    if (!isMessage(message) || this.isGone.get()) return;
    const isOurs = message["life"] === this.#life;
    // A tab that works in memory signs out all others, and they sign out it.
    if (message.kind === "gone") return isOurs || this.#failed ? this.#end() : void this.look().catch(() => undefined);
    if (!isOurs) return;
    const version = Number(message["version"]);
    const commit = isCommit(message) ? message.commit : undefined;
    void this.#follow(version, commit).catch(() => undefined); // The next message finds the gap.
    if (!commit) this.messages.tell(message);
  }

  async #follow(version: number, commit: Commit | undefined): Promise<void> {
    if (commit && version > this.#version) this.#early.set(version, commit);
    this.#drain();
    this.#arrived();
    if (this.#version >= version) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GAP);
      this.#arrived = () => {
        if (this.#version < version) return;
        clearTimeout(timer);
        resolve();
      };
    });
    if (this.#version < version) await this.reload();
  }

  #drain(): void {
    for (const version of this.#early.keys()) if (version <= this.#version) this.#early.delete(version);
    for (let commit; (commit = this.#early.get(this.#version + 1));) {
      this.#early.delete(++this.#version);
      this.#show(commit);
    }
  }

  #show(commit: Commit): void {
    if (commit.copy) this.copy = commit.copy;
    this.model.change((state) => change(state, commit));
  }
}

function change(state: State, { copy, objects, outbox, conflicts }: Commit): void {
  if (objects?.clear) clearRows(state);
  for (const id of objects?.remove ?? []) state.touch(state.rows.remove(id));
  for (const { id, type, row } of objects?.put ?? []) state.touch(state.rows.put(type, id, row));
  if (copy) state.me = copy.me;
  for (const { id, answer } of outbox?.remove ?? []) {
    if (!answer) state.withdrawn.add(id);
    state.stored.delete(id);
  }
  for (const write of outbox?.put ?? []) {
    state.withdrawn.delete(write.id);
    state.unstored.delete(write.id);
    state.stored.set(write.id, write);
  }
  for (const { id } of conflicts?.remove ?? []) state.conflicts.delete(id);
  for (const conflict of conflicts?.put ?? []) state.conflicts.set(conflict.id, conflict);
}

function fill(state: State, { copy, objects, outbox, conflicts, withdrawn }: Snapshot): void {
  clearRows(state);
  state.stored.clear();
  state.conflicts.clear();
  change(state, {
    copy,
    objects: { clear: false, put: objects, remove: [] },
    outbox: { put: outbox, remove: [] },
    conflicts: { put: conflicts, remove: [] },
  });
  for (const id of withdrawn) state.withdrawn.add(id);
}

function clear(state: State): void {
  clearRows(state);
  for (const { id, answer } of [...state.stored.values(), ...state.unstored.values()])
    if (!answer) state.withdrawn.add(id);
  for (const map of [state.stored, state.unstored, state.conflicts]) map.clear();
  state.me = undefined;
}

function clearRows({ rows, touch }: State): void {
  for (const entry of rows.entries()) touch(entry);
  rows.clear();
}

function isMessage(message: unknown): message is Message {
  return isRow(message) && typeof message["kind"] === "string";
}

function isCommit(message: Message): message is Message & { readonly commit: Commit } {
  return message.kind === "commit" && isRow(message["commit"]);
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}
