// Turns what people do into writes, and undoes them.

import { type Change, type Changes } from "./changes.ts";
import type { Draft } from "./draft.ts";
import { applyOp, type Context, record } from "./effects.ts";
import type { Commit } from "./commit.ts";
import { inverse, type Past } from "./inverse.ts";
import type { Journal } from "./journal.ts";
import type { Op, Write } from "./ops.ts";
import { withDependants } from "./sender.ts";
import { uuid } from "./uuid.ts";

const REMEMBERED = 100; // changes that can be undone
const LARGEST = 500; // operations of a batch

/** A change that can be undone. */
interface Done {
  readonly id: string;
  readonly isUndo: boolean;
  isUndone: boolean;
  pasts: readonly Past[];
}

interface Batch {
  readonly draft: Draft;
  readonly ops: Op[];
  readonly change: Change;
}

export class Recorder {
  readonly #journal: Journal;
  readonly #changes: Changes;
  readonly #context: () => Context;
  readonly #opened: Promise<void>;
  readonly #done: Done[] = [];
  readonly #storing = new Set<Promise<void>>();
  #isOpen = false;
  #batch: Batch | undefined;

  constructor(journal: Journal, changes: Changes, context: () => Context, opened: Promise<void>) {
    this.#journal = journal;
    this.#changes = changes;
    this.#context = context;
    this.#opened = opened.then(() => void (this.#isOpen = true));
    this.#opened.catch(() => undefined);
    for (const cell of [journal.model.outbox, journal.model.conflicts]) cell.subscribe(() => this.#learn());
  }

  /** Do one operation, which `make` makes from what is shown. */
  act(make: (draft: Draft) => Op): Change {
    if (!this.#batch) return this.#start(undefined, (batch) => void push(batch, make, this.#context()));
    push(this.#batch, make, this.#context());
    return this.#batch.change;
  }

  /** Do several operations as one change. */
  transact(label: string, work: () => void): Change {
    if (this.#batch) throw new Error("transact() can't be called within transact()");
    return this.#start(label, (batch) => {
      this.#batch = batch;
      try {
        const result: unknown = work();
        if (result instanceof Promise) throw new TypeError("transact() does not wait: `work` may not be async");
      } finally {
        this.#batch = undefined;
      }
    });
  }

  undo(change?: Change): Change | undefined {
    if (this.#batch) throw new Error("undo() can't be called within transact()");
    const done = this.#done.findLast((one) => !one.isUndone && (change ? one.id === change.id : !one.isUndo));
    if (!done) return undefined;
    done.isUndone = true;
    const next = this.#remember(true);
    const made = this.#opened.then(() => this.settle()).then(() => this.#takeBack(next, done));
    return this.#changes.follow(next.id, made);
  }

  /** Store writes that replace a conflict, or that undo something. */
  async append(writes: readonly Write[], commit: Commit = {}): Promise<readonly Write[]> {
    const storing = this.#journal.append(writes, commit);
    this.#storing.add(storing);
    await storing.finally(() => this.#storing.delete(storing));
    return writes;
  }

  /** Resolves when what was done up to now is stored, or can't be. */
  async settle(): Promise<void> {
    await this.#opened;
    await Promise.allSettled(this.#storing);
  }

  #start(label: string | undefined, fill: (batch: Batch) => void): Change {
    const done = this.#remember(false);
    let begin = (_: Promise<readonly Write[]>): void => undefined;
    const made = new Promise<readonly Write[]>((resolve) => (begin = resolve));
    const change = this.#changes.follow(done.id, made);
    const run = (): Promise<readonly Write[]> => this.#write(done, label, change, fill);
    if (this.#isOpen) begin(run());
    else begin(this.#opened.then(run));
    return change;
  }

  #write(
    done: Done,
    label: string | undefined,
    change: Change,
    fill: (batch: Batch) => void,
  ): Promise<readonly Write[]> {
    const batch = { draft: this.#journal.model.preview(), ops: [], change };
    fill(batch);
    return this.#keep(done, [this.#make(done.id, batch.ops, label)]);
  }

  #make(id: string, ops: readonly Op[], label?: string): Write {
    if (ops.length > LARGEST) throw new RangeError(`A change has at most ${LARGEST} operations`);
    const at = this.#context().viewer.now.toISOString();
    return { v: 1, id, at, seq: 0, stamp: 0, ops, ...(label !== undefined && { label }) };
  }

  #remember(isUndo: boolean): Done {
    const done: Done = { id: uuid(), isUndo, isUndone: false, pasts: [] };
    this.#done.push(done);
    this.#done.splice(0, this.#done.length - REMEMBERED);
    return done;
  }

  #keep(done: Done, writes: readonly Write[]): Promise<readonly Write[]> {
    const real = writes.filter(({ ops }) => ops.length);
    if (!real.length) return Promise.resolve([]);
    const draft = this.#journal.model.preview();
    const pasts = real.map((write) => ({ write, shows: record(draft, write.ops, this.#context()) }));
    done.pasts = pasts;
    return this.append(real);
  }

  // What was not sent yet is withdrawn, with all that needs it. What was sent is undone by a new write.
  async #takeBack(next: Done, done: Done): Promise<readonly Write[]> {
    const { model } = this.#journal;
    const ids = done.pasts.map(({ write }) => write.id);
    const writes = model.outbox.get().filter((write) => ids.includes(write.id));
    const [first] = writes;
    if (first && writes.every((write) => !write.request)) {
      const gone = writes.flatMap((write) =>
        withDependants(write, model.outbox.get(), (target) => model.keyOf(target)),
      );
      const remove = [...new Set(gone)];
      this.#changes.withdraw(remove);
      if ((await this.#journal.commit({ outbox: { put: [], remove } })) === "done") return [];
      this.#changes.reinstate(remove);
      return this.#takeBack(next, done);
    }
    const isRefused = model.conflicts.get().some((one) => one.writes.some((write) => ids.includes(write.id)));
    if (isRefused) throw new Error("The change is in conflict");
    const groups = [...done.pasts].reverse().flatMap((past) => inverse(past, model.preview()));
    const inverted = groups.map((ops, at) => this.#make(at ? uuid() : next.id, ops));
    return this.#keep(next, inverted);
  }

  // An answer says the revisions with which the service undoes what the write did. What ends without one had no effect.
  #learn(): void {
    const { outbox, conflicts } = this.#journal.model;
    const refused = conflicts.get().flatMap(({ writes }) => writes);
    const now = new Map([...refused, ...outbox.get()].map((write) => [write.id, write]));
    for (const done of this.#done) {
      const known = done.pasts.map((past) => ({ ...past, write: now.get(past.write.id) ?? past.write }));
      const left = known.filter(({ write }) => write.answer || now.has(write.id));
      done.isUndone ||= left.length === 0 && known.length > 0;
      done.pasts = left;
    }
  }
}

function push(batch: Batch, make: (draft: Draft) => Op, context: Context): void {
  const op = make(batch.draft);
  applyOp(batch.draft, op, context);
  batch.ops.push(op);
}
