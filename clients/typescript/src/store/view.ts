// Queries: the objects of one type that pass a test, in an order, kept up to date by each change.

import { type Live, Listeners } from "./live.ts";
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

export class View implements Live<readonly Shape[]> {
  readonly #listeners = new Listeners<readonly Shape[]>();
  readonly #model: Model;
  readonly #type: string;
  readonly #plan: Plan;
  #prepared: Prepared | null = null;
  #all: readonly Shape[] = [];
  #value: readonly Shape[] = [];
  #version = -1;
  #epoch = -1;
  #stop: (() => void) | undefined;

  constructor(model: Model, type: string, plan: Plan) {
    this.#model = model;
    this.#type = type;
    this.#plan = plan;
  }

  get(): readonly Shape[] {
    if (this.#version !== this.#model.version) this.#reset();
    return this.#value;
  }

  subscribe(run: (value: readonly Shape[]) => void): () => void {
    this.get();
    this.#stop ??= this.#model.changes.add((replaced) => this.#follow(replaced));
    const end = this.#listeners.add(run);
    return () => {
      end();
      if (this.#listeners.count) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #follow(replaced: readonly Replaced[]): void {
    if (this.#version === this.#model.version) return;
    const own = replaced.filter((one) => one.type === this.#type);
    const isNear = this.#prepared && this.#epoch === this.#model.epoch && own.length < MANY;
    const isSame = isNear && this.#version === this.#model.version - 1 && !this.#plan.isChanged(replaced);
    this.#tell(() => (isSame ? this.#revise(own) : this.#reset()));
  }

  #tell(work: () => void): void {
    const old = this.#value;
    work();
    if (old !== this.#value) this.#listeners.tell(this.#value);
  }

  #reset(): void {
    const prepared = (this.#prepared = this.#plan.prepare());
    this.#epoch = this.#model.epoch;
    const found = prepared ? [...this.#model.table(this.#type).values()].filter(prepared.test) : [];
    this.#set(prepared ? found.sort(prepared.compare) : found);
  }

  #revise(replaced: readonly Replaced[]): void {
    const prepared = this.#prepared;
    if (!prepared) return;
    let all: Shape[] | undefined;
    for (const { old, now } of replaced) {
      const at = old ? find(all ?? this.#all, old, prepared) : -1;
      if (at >= 0) (all ??= [...this.#all]).splice(at, 1);
      if (now && prepared.test(now)) insert((all ??= [...this.#all]), now, prepared);
    }
    this.#set(all ?? this.#all);
  }

  #set(all: readonly Shape[]): void {
    this.#version = this.#model.version;
    this.#all = all;
    this.#value = kept(this.#value, all.length > this.#plan.limit ? all.slice(0, this.#plan.limit) : all);
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
