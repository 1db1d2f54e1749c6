// Queries: the objects of one type that pass a test, in an order, kept up to date by each change.

import { Derived } from "./derived.ts";
import { kept, type Model, type Replaced, type Shape } from "./model.ts";

export interface Plan {
  /** The test and the order as they are now. Null: they can't be known yet, and nothing is shown. */
  prepare(): { test(item: Shape): boolean; compare(one: Shape, other: Shape): number } | null;
  /** Whether the test can give another result for objects that did not change. */
  isChanged(replaced: readonly Replaced[]): boolean;
  readonly limit: number;
}

type Prepared = NonNullable<ReturnType<Plan["prepare"]>>;

const MANY = 200; // From this number of changes on, sorting again is faster.

export class View extends Derived<readonly Shape[]> {
  readonly #plan: Plan;
  #prepared: Prepared | null = null;
  #all: readonly Shape[] = [];
  #epoch = -1;

  constructor(model: Model, type: string, plan: Plan) {
    super(model, type, []);
    this.#plan = plan;
  }

  protected reset(): readonly Shape[] {
    const prepared = (this.#prepared = this.#plan.prepare());
    this.#epoch = this.model.epoch;
    const found = prepared ? [...this.model.table(this.type).values()].filter(prepared.test) : [];
    return this.#shown(prepared ? found.sort(prepared.compare) : found);
  }

  protected revise(own: readonly Replaced[], all: readonly Replaced[]): readonly Shape[] | undefined {
    const prepared = this.#prepared;
    const isNear = this.#epoch === this.model.epoch && own.length < MANY;
    if (!prepared || !isNear || this.#plan.isChanged(all)) return undefined;
    let next: Shape[] | undefined;
    for (const { old, now } of own) {
      const at = old ? find(next ?? this.#all, old, prepared) : -1;
      if (at >= 0) (next ??= [...this.#all]).splice(at, 1);
      if (now && prepared.test(now)) insert((next ??= [...this.#all]), now, prepared);
    }
    return next ? this.#shown(next) : this.value;
  }

  #shown(all: readonly Shape[]): readonly Shape[] {
    this.#all = all;
    return kept(this.value, all.length > this.#plan.limit ? all.slice(0, this.#plan.limit) : all);
  }
}

// The first place whose object does not come before `item`.
function search(all: readonly Shape[], item: Shape, { compare }: Prepared): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = all[middle];
    if (one && compare(one, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function find(all: readonly Shape[], item: Shape, prepared: Prepared): number {
  const at = search(all, item, prepared);
  return all[at] === item ? at : -1;
}

function insert(all: Shape[], item: Shape, prepared: Prepared): void {
  all.splice(search(all, item, prepared), 0, item);
}
