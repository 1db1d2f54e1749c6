// The copy with pending writes on top of it. Reading goes through; writing stays in the draft.

import type { Row } from "./json.ts";
import type { Shown, Target } from "./ops.ts";
import type { Entry, Rows } from "./rows.ts";

export class Draft {
  readonly changed = new Map<string, Map<string, Row | undefined>>();
  /** What was there before each change. */
  readonly replaced: Shown[] = [];
  /** Objects that an unanswered write is about. */
  readonly waiting = new Map<string, Set<string>>();
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get(type: string, key: string): Row | undefined {
    const changed = this.changed.get(type);
    return changed?.has(key) ? changed.get(key) : this.#rows.get(type, key);
  }

  set(type: string, key: string, row: Row | undefined): void {
    this.replaced.push({ type, key, row: this.get(type, key) ?? null });
    const changed = this.changed.get(type) ?? new Map<string, Row | undefined>();
    this.changed.set(type, changed.set(key, row));
  }

  wait(type: string, key: string): void {
    this.waiting.set(type, (this.waiting.get(type) ?? new Set()).add(key));
  }

  keyOf(target: Target): string {
    return this.#rows.keyOf(target);
  }

  /** What a row says of an object that it names: its id, or its key while the service has given it none. */
  refTo(type: string, target: Target): number | string {
    const key = this.keyOf(target);
    const id = this.get(type, key)?.["id"];
    return typeof id === "number" ? id : typeof target === "number" ? target : key;
  }

  *all(type: string): Iterable<[string, Row]> {
    const changed = this.changed.get(type);
    for (const [key, row] of this.#rows.table(type)) if (!changed?.has(key)) yield [key, row];
    for (const [key, row] of changed ?? []) if (row) yield [key, row];
  }

  /** The tasks in a list, or the direct subtasks of a task. */
  *group(member: "list_id" | "parent_id", container: Entry): Iterable<[string, Row]> {
    const id = this.get(container.type, container.key)?.["id"];
    const changed = this.changed.get("task");
    for (const key of typeof id === "number" ? this.#rows.group(member, id) : []) {
      const row = this.#rows.get("task", key);
      if (row && !changed?.has(key)) yield [key, row];
    }
    for (const [key, row] of changed ?? []) {
      const ref = row?.[member];
      if (row && ref !== undefined && (ref === id || ref === container.key)) yield [key, row];
    }
  }

  /** A task and all its subtasks, the task first. Two pending moves can make a circle. */
  subtree(key: string): string[] {
    const found = new Set([key]);
    for (const one of found) for (const [below] of this.group("parent_id", { type: "task", key: one })) found.add(below);
    return [...found];
  }

  *entries(): Iterable<Entry> {
    for (const [type, table] of this.changed) for (const key of table.keys()) yield { type, key };
    for (const [type, keys] of this.waiting) for (const key of keys) yield { type, key };
  }
}
