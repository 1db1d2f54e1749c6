// Storage in IndexedDB. Browsers end its connections in the background, so each transaction can open a new one.

import { AREAS, type Area, Outdated, type Storage, type Transaction } from "./storage.ts";

const RELEASE = 1;

/** A newer release takes the database, something deletes it, or the browser has ended the connection, perhaps with the data. */
export type Loss = "newer" | "deletion" | "end";

export class IndexedDBStorage implements Storage {
  readonly #factory: IDBFactory;
  readonly #name: string;
  readonly #lose: (why: Loss) => Promise<void>;
  #connection: Promise<IDBDatabase> | undefined;

  /** `lose` is called before a deletion, and after what has ended the connection. */
  constructor(factory: IDBFactory, name: string, lose: (why: Loss) => Promise<void> = async () => undefined) {
    this.#factory = factory;
    this.#name = name;
    this.#lose = (why) => lose(why).catch(() => undefined); // The next transaction finds out.
  }

  async run<T>(mode: "read" | "write", work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = await this.#begin(mode);
    const ended = end(transaction);
    ended.catch(() => undefined);
    try {
      const result = await work(new IndexedDBTransaction(transaction));
      if (mode === "write") await ended;
      return result;
    } catch (error) {
      abort(transaction);
      throw transaction.error ?? error;
    }
  }

  /** Other tabs close their connections when they are asked to. A frozen one delays the deletion, and finds no data. */
  async destroy(): Promise<void> {
    this.close();
    this.#factory.deleteDatabase(this.#name);
  }

  close(): void {
    this.#connection?.then((database) => database.close()).catch(() => undefined);
    this.#connection = undefined;
  }

  async #begin(mode: "read" | "write"): Promise<IDBTransaction> {
    const begin = async (): Promise<IDBTransaction> => {
      const database = await (this.#connection ??= this.#open());
      return database.transaction(AREAS, mode === "write" ? "readwrite" : "readonly", { durability: "strict" });
    };
    try {
      return await begin();
    } catch (error) {
      this.#connection = undefined;
      if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      await this.#lose("end");
      return begin();
    }
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = this.#factory.open(this.#name, RELEASE);
      request.onupgradeneeded = () => AREAS.forEach((area) => request.result.createObjectStore(area));
      request.onerror = () => reject(request.error?.name === "VersionError" ? new Outdated() : request.error);
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = async ({ newVersion }) => {
          if (newVersion === null) await this.#lose("deletion");
          this.close();
          await this.#lose(newVersion === null ? "end" : "newer");
        };
        database.onclose = () => {
          this.#connection = undefined;
          void this.#lose("end");
        };
        resolve(database);
      };
    });
  }
}

class IndexedDBTransaction implements Transaction {
  readonly #transaction: IDBTransaction;

  constructor(transaction: IDBTransaction) {
    this.#transaction = transaction;
  }

  get(area: Area, key: string | number): Promise<unknown> {
    return answer(this.#transaction.objectStore(area).get(key));
  }

  all(area: Area): Promise<readonly unknown[]> {
    return answer(this.#transaction.objectStore(area).getAll());
  }

  put(area: Area, key: string | number, value: unknown): void {
    this.#transaction.objectStore(area).put(value, key);
  }

  delete(area: Area, key: string | number): void {
    this.#transaction.objectStore(area).delete(key);
  }

  clear(area: Area): void {
    this.#transaction.objectStore(area).clear();
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function end(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted"));
  });
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
