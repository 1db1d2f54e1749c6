// Sends the pending writes, one after another, in their order.

import type { Connection } from "../calls/connection.ts";
import { type Answer, isProblem, Unreachable } from "../calls/index.ts";
import type { Journal } from "./journal.ts";
import { isRow, type Row } from "./json.ts";
import { named, type Op, type Refused, sentOf, type Target, type Undo, type Write } from "./ops.ts";
import { answered, Clash, freeze, type Known, newer, TEXTS } from "./request.ts";

const TRIES = 5;
const LOST = 15; // tries of a write that only ever breaks the connection
// Answers that count as no failure of the write: the service says "later", also for days.
const TEMPORARY = [408, 409, 429, 503];

export class Sender {
  readonly #journal: Journal;
  readonly #connection: Connection;
  readonly #now: () => Date;
  readonly #failures = new Map<string, number>();

  constructor(journal: Journal, connection: Connection, now: () => Date) {
    this.#journal = journal;
    this.#connection = connection;
    this.#now = now;
  }

  /** Send all that waits. Throws Unreachable and SignedOut; then the writes stay. */
  async send(signal: AbortSignal): Promise<void> {
    for (let write = this.#next(); write && !signal.aborted; write = this.#next()) {
      if (write.ops.some((op) => op.op === "undo" && (!op.revision || op.epoch !== this.#journal.copy.epoch))) {
        await this.#refuse(write, 0, null, {
          status: 410,
          code: "change_expired",
          error: "This change can no longer be undone",
        });
      } else if (write.request) await this.#exchange(write, signal);
      else await this.#freeze(write);
    }
  }

  /**
   * The service answers other requests, but not this write: count that, and set the write aside in the end, so that it
   * does not hold up the others.
   */
  async blame(error: Unreachable): Promise<void> {
    const write = this.#next();
    const { message, problem, status } = error;
    if (!write?.request || isTemporary(error)) return;
    if (this.#hasFailed(write, status ? TRIES : LOST))
      await this.#refuse(write, 0, null, { error: message, ...problem, status });
  }

  #hasFailed({ id }: Write, tries: number): boolean {
    const count = (this.#failures.get(id) ?? 0) + 1;
    if (count < tries) this.#failures.set(id, count);
    else this.#failures.delete(id);
    return count >= tries;
  }

  #next(): Write | undefined {
    return this.#journal.model.outbox.get().find(({ seq, answer }) => seq > 0 && !answer);
  }

  async #freeze(write: Write): Promise<void> {
    try {
      const request = freeze(write, known(this.#journal, this.#now()));
      await this.#put({ ...write, request });
    } catch (error) {
      if (!(error instanceof Clash)) throw error;
      await this.#refuse(write, error.index, error.there, {
        status: 412,
        code: "stale",
        error: "This text was changed elsewhere",
      });
    }
  }

  async #exchange(write: Write, signal: AbortSignal): Promise<void> {
    if (!write.request) return;
    const answer = await this.#connection.send({ ...write.request, signal });
    const { body, status } = answer;
    if (status !== 412) this.#failures.delete(write.id);
    if (status < 400) return this.#finish(write, answer);
    const problem: Row = isProblem(body) ? { ...body } : {};
    const index = sentOf(write)[Number(problem["index"] ?? 0)] ?? 0;
    const current = isRow(problem["current"]) ? problem["current"] : null;
    const op = write.ops[index];
    if (status === 403 && isProblem(body)) throw new Unreachable(body.error, { status, problem: body });
    if (status === 412 && current && !this.#hasFailed(write, TRIES))
      return this.#again(write, { there: { ...write.there, [index]: current } });
    if (status === 404 && op?.op === "delete") return this.#drop(write, index, answer);
    if (!write.isUntimed && JSON.stringify(problem["errors"] ?? "").includes("completed_at"))
      return this.#again(write, { isUntimed: true });
    const { request: _, ...answered } = write;
    await this.#refuse(answered, index, current ?? this.#there(op), problem);
  }

  #there(op: Op | undefined): Row | null {
    if (!op || op.op === "create") return null;
    return this.#journal.model.copied(op.type, this.#journal.model.keyOf(op.id)) ?? null;
  }

  /** Freeze the write anew, with a new key. */
  #again({ request: _, ...write }: Write, news: Partial<Write>): Promise<void> {
    return this.#put({ ...write, ...news });
  }

  // What was to be deleted is gone already.
  #drop(write: Write, index: number, answer: Answer): Promise<void> {
    const idle = [...(write.idle ?? []), index];
    return idle.length < write.ops.length ? this.#again(write, { idle }) : this.#finish({ ...write, idle }, answer);
  }

  // An undo that waits for this answer learns the revision with it, or that there is nothing to undo.
  async #finish(write: Write, response: Answer): Promise<void> {
    const { answer, ...news } = answered(write, response, known(this.#journal, this.#now()));
    const done = { ...write, ...news, answer: { ...answer, epoch: this.#journal.copy.epoch } };
    const waiting = this.#journal.model.outbox.get().flatMap((other): Write[] => {
      const [op] = other.ops;
      return op?.op === "undo" && op.of === write.id ? [{ ...other, ...revised(op, done) }] : [];
    });
    await this.#journal.commit({ outbox: { put: [done, ...waiting].map(stamped), remove: [] } });
  }

  async #refuse(write: Write, index: number, there: Row | null, error: Row): Promise<void> {
    const pending = this.#journal.model.outbox.get().filter(({ seq, answer }) => seq > 0 && !answer);
    const writes = withDependants(write, pending, (target) => this.#journal.model.keyOf(target));
    const conflict: Refused = { v: 1, id: write.id, stamp: 0, writes, index, there, error };
    await this.#journal.commit({ outbox: { put: [], remove: writes }, conflicts: { put: [conflict], remove: [] } });
  }

  async #put(write: Write): Promise<void> {
    await this.#journal.commit({ outbox: { put: [stamped(write)], remove: [] } });
  }
}

// Doable says 403 of the token, not of the write; with another token the write can pass.
function isTemporary({ status, problem }: Unreachable): boolean {
  return TEMPORARY.includes(status ?? 0) || (status === 403 && problem !== undefined);
}

function stamped(write: Write): Write {
  return { ...write, stamp: write.stamp + 1 };
}

function revised(op: Undo, { answer, idle }: Write): Partial<Write> {
  if (idle?.includes(op.index)) return { idle: [0], answer: { revisions: [], rows: [] } };
  const revision = answer?.revisions[op.index];
  return revision ? { ops: [{ ...op, revision, epoch: answer?.epoch }] } : {};
}

function known({ model }: Journal, now: Date): Known {
  const rows = model.outbox.get().flatMap(({ answer }) => answer?.rows ?? []);
  return {
    now: now.getTime(),
    keyOf: (target) => model.keyOf(target),
    newest: (type, target) => {
      const key = model.keyOf(target);
      const own = rows.filter(
        (one) => one.type === type && (one.row["uid"] === key || model.keyOf(Number(one.row["id"])) === key),
      );
      return own.reduce<Row | undefined>((newest, { row }) => newer(newest, row), model.copied(type, key));
    },
  };
}

/**
 * A write and the later ones that need it: they name what it creates, change the same text, or undo it. What an object
 * needs besides is on the server already.
 */
export function withDependants(
  write: Write,
  pending: readonly Write[],
  key: (target: Target) => string,
): readonly Write[] {
  const taken = [write];
  for (const later of pending) {
    if (later.seq > write.seq && taken.some((earlier) => needs(later, earlier, key))) taken.push(later);
  }
  return taken;
}

function needs(later: Write, earlier: Write, key: (target: Target) => string): boolean {
  const made = new Set(earlier.ops.flatMap((op) => (op.op === "create" ? [`${op.type} ${op.uid}`] : [])));
  const texts = new Set(earlier.ops.flatMap((op) => textsOf(op, key)));
  return later.ops.some((op) => {
    const own = op.op === "create" ? [] : [`${op.type} ${key(op.id)}`];
    const others = named(op).map(({ type, target }) => `${type} ${key(target)}`);
    const isUndo = op.op === "undo" && op.of === earlier.id;
    return (
      isUndo || [...own, ...others].some((name) => made.has(name)) || textsOf(op, key).some((text) => texts.has(text))
    );
  });
}

function textsOf(op: Op, key: (target: Target) => string): string[] {
  if (op.op !== "update") return [];
  return TEXTS.filter((field) => field in op.patch).map((field) => `${op.type} ${key(op.id)} ${field}`);
}
