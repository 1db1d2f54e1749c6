// What becomes of each change: the promises that a person's click gives.

import type { Problem } from "../calls/index.ts";
import type { Row } from "./json.ts";
import type { Model } from "./model.ts";
import type { Write } from "./ops.ts";

/** The service refused a change. It is among the conflicts, with what to do. */
export interface Refusal {
  readonly error: Problem;
}

export type Outcome = "done" | "withdrawn" | Refusal;

/** Something that a person did. */
export interface Change {
  readonly id: string;
  /** Resolves when the change is stored on this device, and rejects if it can't be stored. Then it is not shown. */
  readonly stored: Promise<void>;
  /** Resolves when the service has accepted or refused it, or when you withdraw it. Never rejects. */
  readonly outcome: Promise<Outcome>;
}

interface Open {
  readonly ids: readonly string[];
  readonly resolve: (outcome: Outcome) => void;
}

/** Follows the changes that this tab has made. */
export class Changes {
  readonly #model: Model;
  readonly #open = new Set<Open>();

  constructor(model: Model) {
    this.#model = model;
    model.outbox.subscribe(() => this.#look());
  }

  /** `made` resolves with the writes of the change when they are stored. */
  follow(id: string, made: Promise<readonly Write[]>): Change {
    const stored = made.then(() => undefined);
    stored.catch(() => undefined); // You may leave it alone.
    const outcome = new Promise<Outcome>((resolve) => {
      const follow = (writes: readonly Write[]): void => {
        this.#open.add({ ids: writes.map((write) => write.id), resolve });
        this.#look();
      };
      made.then(follow, () => resolve("withdrawn"));
    });
    return { id, stored, outcome };
  }

  withdraw(writes: readonly Write[]): void {
    for (const { id } of writes) this.#model.withdrawn.add(id);
  }

  /** They could not be withdrawn. */
  reinstate(writes: readonly Write[]): void {
    for (const { id } of writes) this.#model.withdrawn.delete(id);
  }

  #look(): void {
    if (!this.#open.size) return;
    const waiting = new Set(this.#model.outbox.get().flatMap(({ id, answer }) => (answer ? [] : [id])));
    for (const open of this.#open) {
      if (open.ids.some((id) => waiting.has(id))) continue;
      this.#open.delete(open);
      open.resolve(this.#outcomeOf(open.ids));
    }
  }

  #outcomeOf(ids: readonly string[]): Outcome {
    const refused = this.#model.conflicts.get().find(({ writes }) => writes.some(({ id }) => ids.includes(id)));
    if (refused) return { error: problemOf(refused.error) };
    return ids.some((id) => this.#model.withdrawn.has(id)) ? "withdrawn" : "done";
  }
}

/** A problem of the service, as it was stored. */
export function problemOf({ error = "The service refused this", status = 500, ...rest }: Row): Problem {
  const text = String(error);
  return {
    type: "about:blank",
    title: text,
    detail: text,
    code: "internal_error",
    ...rest,
    error: text,
    status: Number(status),
  };
}
