// The copy with pending writes on top of it. Reading goes through; writing stays in the draft.

import type { Row } from "./json.ts";
import type { Shown, Target } from "./ops.ts";
import type { Rows } from "./rows.ts";

export class Draft {
  readonly changed = new Map<string, Map<string, Row | undefined>>();
  /** What was there before each change. */
  readonly replaced: Shown[] = [];
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  copy(): Draft {
    const copy = new Draft(this.#rows);
    for (const [type, changed] of this.changed) copy.changed.set(type, new Map(changed));
    return copy;
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

  /** The tasks in a list, or the direct subtasks of a task, which `name` names by its key or id. */
  *group(member: "list_id" | "parent_id", name: string | number): Iterable<[string, Row]> {
    const id = typeof name === "number" ? name : this.get(member === "list_id" ? "list" : "task", name)?.["id"];
    const own = this.keyOf(typeof name === "number" ? name : { uid: name });
    const changed = this.changed.get("task");
    for (const key of typeof id === "number" ? this.#rows.group(member, id) : []) {
      const row = this.#rows.get("task", key);
      if (row && !changed?.has(key)) yield [key, row];
    }
    for (const [key, row] of changed ?? []) {
      const ref = row?.[member];
      if (row && ref !== undefined && (ref === id || ref === own)) yield [key, row];
    }
  }

  /** A task and all its subtasks, the task first. Two pending moves can make a circle. */
  subtree(key: string): string[] {
    const found = new Set([key]);
    for (const one of found) for (const [below] of this.group("parent_id", one)) found.add(below);
    return [...found];
  }
}
