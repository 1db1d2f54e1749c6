// Values that change, and those who look at them.

/** A value to show. `get` returns the same object until the value changes. */
export interface Live<T> {
  get(): T;
  /** Run a function after each change, with the new value. Returns what ends the subscription. */
  subscribe(run: (value: T) => void): () => void;
}

/** Functions that are told of something. One that throws keeps nothing from the others; its error is reported. */
export class Listeners<T> {
  readonly #runs = new Set<(value: T) => void>();

  add(run: (value: T) => void): () => void {
    const own = (value: T): void => run(value);
    this.#runs.add(own);
    return () => this.#runs.delete(own);
  }

  tell(value: T): void {
    for (const run of [...this.#runs]) {
      try {
        run(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  get count(): number {
    return this.#runs.size;
  }
}

/** A value that is set. */
export class Cell<T> implements Live<T> {
  readonly #listeners = new Listeners<T>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  subscribe(run: (value: T) => void): () => void {
    return this.#listeners.add(run);
  }

  set(value: T): void {
    this.replace(value)();
  }

  /** Set the value, and return what tells of it: several values can change before anyone is told. */
  replace(value: T): () => void {
    const isNew = value !== this.#value;
    this.#value = value;
    return () => isNew && this.#listeners.tell(value);
  }
}
