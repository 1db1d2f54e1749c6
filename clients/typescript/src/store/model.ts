// All that a tab shows: a pure function of the copy and the pending writes in order.

import { Draft } from "./draft.ts";
import { apply, type Context } from "./effects.ts";
import { type Row, same } from "./json.ts";
import { Cell, Listeners } from "./live.ts";
import type { Refused, Target, Write } from "./ops.ts";
import { type Entry, Rows } from "./rows.ts";

/** An object as it is shown: the members of the wire, and what the store knows about it. */
export interface Shape extends Row {
  readonly uid: string;
  readonly pending: boolean;
  readonly conflict?: object;
}

export interface Replaced extends Entry {
  readonly old: Shape | undefined;
  readonly now: Shape | undefined;
}

/** What a change can reach. It names the rows that it changes. */
export interface State {
  readonly rows: Rows;
  readonly stored: Map<string, Write>;
  readonly unstored: Map<string, Write>;
  readonly conflicts: Map<string, Refused>;
  /** The ids of the writes that went without an answer. */
  readonly withdrawn: Set<string>;
  me: Row | undefined;
  touch(entry: Entry | undefined): void;
}

type Keys = Map<string, Set<string>>;

export class Model {
  readonly me = new Cell<Row | undefined>(undefined);
  readonly outbox = new Cell<readonly Write[]>([]);
  readonly conflicts = new Cell<readonly Refused[]>([]);
  /** Told after each change, with what is shown differently. */
  readonly changes = new Listeners<readonly Replaced[]>();
  /** Counts the changes. */
  version = 0;
  /** Counts what changes how everything is shown: the rules, the user's settings, and the time. */
  epoch = 0;
  readonly withdrawn = new Set<string>();
  readonly #rows = new Rows();
  readonly #context: () => Context;
  readonly #present: (conflict: Refused) => object;
  readonly #stored = new Map<string, Write>();
  readonly #unstored = new Map<string, Write>();
  readonly #items = new Map<string, Map<string, Shape>>();
  #draft = new Draft(this.#rows);
  /** The writes in the draft. */
  #drawn: readonly Write[] = [];
  #drawnEpoch = 0;
  /** What unanswered writes are about. */
  #waiting: readonly Entry[] = [];

  constructor(context: () => Context, present: (conflict: Refused) => object) {
    this.#context = context;
    this.#present = present;
  }

  table(type: string): ReadonlyMap<string, Shape> {
    return this.#items.get(type) ?? new Map();
  }

  /** The version of the copy, without pending writes. */
  copied(type: string, key: string): Row | undefined {
    return this.#rows.get(type, key);
  }

  keyOf(target: Target): string {
    return this.#rows.keyOf(target);
  }

  /** What is shown, to try operations on. */
  preview(): Draft {
    return this.#draft.copy();
  }

  /** Change what is known, and show it. */
  change(work: (state: State) => void): void {
    const dirty: Keys = new Map();
    const touch = (entry: Entry | undefined): void => {
      if (entry) dirty.set(entry.type, (dirty.get(entry.type) ?? new Set()).add(entry.key));
    };
    const conflicts = new Map(this.conflicts.get().map((one) => [one.id, one]));
    const [rows, stored, unstored, withdrawn] = [this.#rows, this.#stored, this.#unstored, this.withdrawn];
    const me = this.me.get();
    const state = { rows, stored, unstored, conflicts, withdrawn, me, touch };
    work(state);
    const marked = [...this.conflicts.get(), ...conflicts.values()].flatMap((one) => this.#targets(one.writes));
    const told = [
      this.outbox.replace(kept(this.outbox.get(), this.#inOrder())),
      this.conflicts.replace(kept(this.conflicts.get(), [...conflicts.values()])),
      this.me.replace(state.me),
    ];
    if (state.me !== me) this.epoch++;
    const waited = this.#waiting;
    this.#waiting = this.#targets(this.outbox.get().filter(({ answer }) => !answer));
    for (const entry of [...this.#draw(dirty.size > 0), ...waited, ...this.#waiting, ...marked]) touch(entry);
    this.#tell(dirty);
    for (const tell of told) tell();
  }

  /** Show everything as it is now. */
  refresh(): void {
    this.epoch++;
    this.change(() => undefined);
  }

  #tell(dirty: Keys): void {
    const replaced = [...this.#replace(dirty)];
    this.version++;
    this.changes.tell(replaced);
  }

  #inOrder(): Write[] {
    return [...this.#stored.values()].sort((one, other) => one.seq - other.seq).concat(...this.#unstored.values());
  }

  // Applies the writes, only the new ones if nothing before them has changed. Returns what they changed.
  #draw(isChanged: boolean): Entry[] {
    const writes = this.outbox.get();
    const isLonger =
      !isChanged && this.epoch === this.#drawnEpoch && this.#drawn.every(({ ops }, at) => ops === writes[at]?.ops);
    const old = isLonger ? [] : this.#draft.replaced;
    if (!isLonger) [this.#draft, this.#drawn] = [new Draft(this.#rows), []];
    const known = this.#draft.replaced.length;
    const context = this.#context();
    for (const write of writes.slice(this.#drawn.length)) apply(this.#draft, write, context);
    [this.#drawn, this.#drawnEpoch] = [writes, this.epoch];
    return [...old, ...this.#draft.replaced.slice(known)];
  }

  *#replace(dirty: Keys): Iterable<Replaced> {
    const conflicts = new Map(
      this.conflicts.get().flatMap((one) => this.#targets(one.writes).map(({ type, key }) => [`${type} ${key}`, one])),
    );
    const waiting = new Set(this.#waiting.map(({ type, key }) => `${type} ${key}`));
    for (const [type, keys] of dirty) {
      const table = this.#items.get(type) ?? new Map<string, Shape>();
      this.#items.set(type, table);
      for (const key of keys) {
        const old = table.get(key);
        const now = this.#shape(type, key, waiting.has(`${type} ${key}`), conflicts.get(`${type} ${key}`));
        if (same(old, now)) continue;
        if (now) table.set(key, now);
        else table.delete(key);
        yield { type, key, old, now };
      }
    }
  }

  #shape(type: string, key: string, pending: boolean, conflict: Refused | undefined): Shape | undefined {
    const row = this.#draft.get(type, key);
    return row && { ...row, uid: key, pending, ...(conflict && { conflict: this.#present(conflict) }) };
  }

  #targets(writes: readonly Write[]): Entry[] {
    return writes
      .flatMap(({ ops }) => ops)
      .map((op) => ({ type: op.type, key: op.op === "create" ? op.uid : this.#rows.keyOf(op.id) }));
  }
}

/** The old array if the new one has the same members. */
export function kept<T>(old: readonly T[], now: readonly T[]): readonly T[] {
  return old.length === now.length && now.every((one, at) => one === old[at]) ? old : now;
}
