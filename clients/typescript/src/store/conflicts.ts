// Conflicts: what the service refused, and what people can do about it.

import type { Problem } from "../calls/index.ts";
import { type Change, type Changes, problemOf } from "./changes.ts";
import type { Journal } from "./journal.ts";
import type { Row } from "./json.ts";
import type { Op, Refused, Write } from "./ops.ts";
import type { Recorder } from "./recorder.ts";

/** A change that was refused, with those that needed it. */
export interface Conflict {
  readonly id: string;
  /** The label of the change, if it was a `transact`. */
  readonly label: string | undefined;
  /** The ids of the changes in it: the one that was refused, then those that needed it. */
  readonly changes: readonly string[];
  /** What was to be stored. */
  readonly sent: Row;
  /** What was shown when it was changed. */
  readonly base: Row;
  /** What the service has. Null: it has nothing. */
  readonly there: Row | null;
  readonly error: Problem;
  /** Send it again, over what is there. */
  keepMine(): Change;
  /** Drop it. */
  keepTheirs(): Promise<void>;
}

export class Conflicts {
  readonly #known = new WeakMap<Refused, Conflict>();
  readonly #journal: Journal;
  readonly #changes: Changes;
  readonly #recorder: Recorder;

  constructor(journal: Journal, changes: Changes, recorder: Recorder) {
    this.#journal = journal;
    this.#changes = changes;
    this.#recorder = recorder;
  }

  present(refused: Refused): Conflict {
    const known = this.#known.get(refused);
    if (known) return known;
    const [write] = refused.writes;
    const op = write?.ops[refused.index];
    const conflict = {
      id: refused.id,
      label: write?.label,
      changes: refused.writes.map(({ id }) => id),
      sent: op ? sentBy(op) : {},
      base: op?.op === "update" ? op.base : {},
      there: refused.there,
      error: problemOf(refused.error),
      keepMine: () => this.#keepMine(refused),
      keepTheirs: () => this.#keepTheirs(refused),
    };
    this.#known.set(refused, conflict);
    return conflict;
  }

  // What is merged gets a new key. What only got no answer is the same request again.
  #keepMine(refused: Refused): Change {
    const { index, there } = refused;
    const writes = refused.writes.map((write, at): Write => {
      const anew = { ...write, seq: 0, stamp: 0 };
      if (at || write.request) return anew;
      return { ...anew, ...merged(write, refused), ...(there && { there: { [index]: there } }) };
    });
    const made = this.#recorder.append(writes, { conflicts: { put: [], remove: [refused] } });
    return this.#changes.follow(refused.id, made);
  }

  async #keepTheirs(refused: Refused): Promise<void> {
    await this.#journal.commit({ conflicts: { put: [], remove: [refused] } });
  }
}

// The base is what is there now. What is in the trash comes out of it first.
function merged({ ops, restoring = [] }: Write, { index, there, error }: Refused): Partial<Write> {
  const op = ops[index];
  if (!op || op.op === "create") return {};
  const isGone = error["status"] === 404 && (op.type === "task" || op.type === "list") && op.op !== "restore";
  if (isGone) return { restoring: [...restoring, index] };
  if (op.op !== "update" || !there) return {};
  const base = Object.fromEntries(Object.keys(op.patch).map((name) => [name, there[name] ?? null]));
  return { ops: ops.map((one, at) => (at === index ? { ...op, base } : one)) };
}

function sentBy(op: Op): Row {
  if (op.op === "create") return { ...op.value, uid: op.uid };
  return op.op === "update" ? op.patch : { ...op };
}
