// Values that all objects of a type decide, kept up to date by each change.

import { type Live, Listeners } from "./live.ts";
import type { Model, Replaced } from "./model.ts";

export abstract class Derived<T> implements Live<T> {
  protected readonly model: Model;
  protected readonly type: string;
  protected value: T;
  readonly #listeners = new Listeners<T>();
  /** What the listeners know. */
  #told: T;
  #version = -1;
  #stop: (() => void) | undefined;

  constructor(model: Model, type: string, empty: T) {
    this.model = model;
    this.type = type;
    this.value = this.#told = empty;
  }

  /** The value, from all objects. */
  protected abstract reset(): T;
  /** The value after the last change. `own`: what it replaced of this type. Undefined: only `reset` can say. */
  protected abstract revise(own: readonly Replaced[], all: readonly Replaced[]): T | undefined;

  get(): T {
    if (this.#version !== this.model.version) this.#set(this.reset());
    return this.value;
  }

  subscribe(run: (value: T) => void): () => void {
    const now = this.get();
    if (!this.#stop) this.#told = now;
    this.#stop ??= this.model.changes.add((replaced) => this.#follow(replaced));
    const end = this.#listeners.add(run);
    return () => {
      end();
      if (this.#listeners.count) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #follow(replaced: readonly Replaced[]): void {
    const own = replaced.filter((one) => one.type === this.type);
    const revised = this.#version === this.model.version - 1 ? this.revise(own, replaced) : undefined;
    if (revised !== undefined) this.#set(revised);
    const now = this.get();
    if (now === this.#told) return;
    this.#told = now;
    this.#listeners.tell(now);
  }

  #set(value: T): void {
    this.#version = this.model.version;
    this.value = value;
  }
}
