// The copy of the server's objects in memory. Only pages of sync change it.

import type { Row } from "./json.ts";
import { keyOf, type Target } from "./ops.ts";

export interface Entry {
  readonly type: string;
  readonly key: string;
}

/** Tables of rows by their key, which is the `uid` of an object, or is made from its id if it has none. */
export class Rows {
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #ids = new Map<number, Entry>();
  readonly #groups = new Map<string, Set<string>>();

  get(type: string, key: string): Row | undefined {
    return this.#tables.get(type)?.get(key);
  }

  table(type: string): ReadonlyMap<string, Row> {
    return this.#tables.get(type) ?? new Map();
  }

  *entries(): Iterable<Entry> {
    for (const [type, table] of this.#tables) for (const key of table.keys()) yield { type, key };
  }

  /** The key of an object that a row or an operation names. */
  keyOf(target: Target): string {
    return (typeof target === "number" ? this.#ids.get(target)?.key : undefined) ?? keyOf(target);
  }

  /** The tasks whose `member` is this id. */
  group(member: "list_id" | "parent_id", id: number): Iterable<string> {
    return this.#groups.get(`${member}:${id}`) ?? [];
  }

  clear(): void {
    for (const map of [this.#tables, this.#ids, this.#groups]) map.clear();
  }

  put(type: string, id: number, row: Row): Entry {
    this.remove(id);
    const key = typeof row["uid"] === "string" ? row["uid"] : keyOf(id);
    const table = this.#tables.get(type) ?? new Map<string, Row>();
    this.#tables.set(type, table.set(key, row));
    this.#ids.set(id, { type, key });
    for (const group of groupsOf(row)) this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(key));
    return { type, key };
  }

  remove(id: number): Entry | undefined {
    const entry = this.#ids.get(id);
    if (!entry) return undefined;
    for (const group of groupsOf(this.get(entry.type, entry.key) ?? {})) this.#groups.get(group)?.delete(entry.key);
    this.#tables.get(entry.type)?.delete(entry.key);
    this.#ids.delete(id);
    return entry;
  }
}

function groupsOf(row: Row): string[] {
  return ["list_id", "parent_id"].flatMap((member) => (row[member] === undefined ? [] : [`${member}:${row[member]}`]));
}
