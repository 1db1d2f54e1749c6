// Where a store keeps its data: some named maps, changed in transactions.

export type Area = "objects" | "meta" | "outbox" | "conflicts";
export const AREAS: readonly Area[] = ["objects", "meta", "outbox", "conflicts"];

/** What a transaction can do. Writes take effect when it ends, all of them or none. */
export interface Transaction {
  get(area: Area, key: string | number): Promise<unknown>;
  all(area: Area): Promise<readonly unknown[]>;
  put(area: Area, key: string | number, value: unknown): void;
  delete(area: Area, key: string | number): void;
  clear(area: Area): void;
}

/** A place of your own for the data, such as a file. Values are what `structuredClone` can copy. */
export interface Storage {
  /** Run one transaction. `work` awaits nothing but the transaction. Transactions that write run one after another. */
  run<T>(mode: "read" | "write", work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Remove what holds the data. A transaction has cleared it before. */
  destroy(): Promise<void>;
  close(): void;
}

/** The data is from a newer release: this page has to be loaded again. */
export class Outdated extends Error {
  override readonly name = "Outdated";
}

/** Keeps the data as long as the process runs. */
export class MemoryStorage implements Storage {
  #areas = empty();
  #last: Promise<unknown> = Promise.resolve();

  run<T>(_mode: "read" | "write", work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#transact(work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const areas = this.#areas;
    const todo: (() => void)[] = [];
    const result = await work({
      get: async (area, key) => structuredClone(areas[area].get(key)),
      all: async (area) => structuredClone([...areas[area].values()]),
      put: (area, key, value) => {
        const copied: unknown = structuredClone(value);
        todo.push(() => areas[area].set(key, copied));
      },
      delete: (area, key) => todo.push(() => areas[area].delete(key)),
      clear: (area) => todo.push(() => areas[area].clear()),
    });
    for (const run of todo) run();
    return result;
  }

  destroy(): Promise<void> {
    return this.run("write", async (transaction) => AREAS.forEach((area) => transaction.clear(area)));
  }

  close(): void {
    // Another store may share this storage.
  }
}

function empty(): Record<Area, Map<string | number, unknown>> {
  return { objects: new Map(), meta: new Map(), outbox: new Map(), conflicts: new Map() };
}
