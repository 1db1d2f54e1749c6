// How many objects of one type have each key.

import { Derived } from "./derived.ts";
import type { Model, Replaced, Shape } from "./model.ts";

export type Key = string | number;

export interface Counts {
  /** How many objects have this key. */
  of(key: Key): number;
}

type KeysOf = (item: Shape) => readonly Key[];

export class Counting extends Derived<Counts> {
  readonly #keysOf: KeysOf;
  readonly #numbers = new Map<Key, number>();

  constructor(model: Model, type: string, keysOf: KeysOf) {
    super(model, type, { of: () => 0 });
    this.#keysOf = keysOf;
  }

  protected reset(): Counts {
    this.#numbers.clear();
    for (const item of this.model.table(this.type).values()) this.#add(this.#numbers, item, 1);
    return this.#counts();
  }

  protected revise(own: readonly Replaced[]): Counts {
    const steps = new Map<Key, number>();
    for (const { old, now } of own) {
      this.#add(steps, old, -1);
      this.#add(steps, now, 1);
    }
    for (const [key, by] of steps) add(this.#numbers, key, by);
    return steps.size ? this.#counts() : this.value;
  }

  #add(numbers: Map<Key, number>, item: Shape | undefined, by: number): void {
    for (const key of item ? this.#keysOf(item) : []) add(numbers, key, by);
  }

  // A new object says that a number has changed.
  #counts(): Counts {
    return { of: (key) => this.#numbers.get(key) ?? 0 };
  }
}

function add(numbers: Map<Key, number>, key: Key, by: number): void {
  const number = (numbers.get(key) ?? 0) + by;
  if (number) numbers.set(key, number);
  else numbers.delete(key);
}
