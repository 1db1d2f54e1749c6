// The objects of one type: reading, and changing them.

import type { Change } from "./changes.ts";
import { type Counts, Counting, type Key } from "./counting.ts";
import type { Draft } from "./draft.ts";
import type { Context } from "./effects.ts";
import { targetOf } from "./inverse.ts";
import { copyOf, isRow, type Row } from "./json.ts";
import type { Live } from "./live.ts";
import type { Model, Shape } from "./model.ts";
import type { Op, Target, Type } from "./ops.ts";
import { keyOf, planOf, type Query, type Ref, worldOf } from "./query.ts";
import type { Recorder } from "./recorder.ts";
import { NeedsRules } from "./rules.ts";
import { uuid } from "./uuid.ts";
import { View } from "./view.ts";

export interface Means {
  readonly model: Model;
  readonly recorder: Recorder;
  readonly context: () => Context;
  readonly hasRules: () => boolean;
  readonly timeZone: string | undefined;
}

/** A collection without the types of its objects: index.ts gives them to your program. */
export class AnyCollection {
  /** Queries that are in use, so that asking again gives the same one. */
  readonly #views = new Map<string, WeakRef<View>>();
  readonly #counts = new WeakMap<object, Counting>();
  protected readonly means: Means;
  readonly #type: Type;

  constructor(means: Means, type: Type) {
    this.means = means;
    this.#type = type;
  }

  get(ref: Ref): Live<Shape | undefined> {
    const { model } = this.means;
    const value = (): Shape | undefined => model.table(this.#type).get(keyOf(model, this.#type, ref));
    return {
      get: value,
      subscribe: (run) => {
        let old = value();
        return model.changes.add(() => old !== (old = value()) && run(old));
      },
    };
  }

  query(query: Query = {}): Live<readonly Shape[]> {
    const { model, context, hasRules } = this.means;
    const name = JSON.stringify(query);
    const known = this.#views.get(name)?.deref();
    if (known) return known;
    for (const [old, view] of this.#views) if (!view.deref()) this.#views.delete(old);
    const view = new View(model, this.#type, planOf(query, model, context, hasRules()));
    this.#views.set(name, new WeakRef(view));
    return view;
  }

  count(keysOf: (item: Shape) => readonly Key[]): Live<Counts> {
    const known = this.#counts.get(keysOf) ?? new Counting(this.means.model, this.#type, keysOf);
    this.#counts.set(keysOf, known);
    return known;
  }

  add(value: object): Change & { readonly uid: string } {
    const { uid = uuid(), ...given } = copyOf(value);
    const name = String(uid);
    const make = (draft: Draft): Op => ({
      op: "create",
      type: this.#type,
      uid: name,
      value: this.#wired(given, draft),
    });
    return { ...this.means.recorder.act(make), uid: name };
  }

  update(ref: Ref, patch: object): Change {
    const given = copyOf(patch);
    return this.means.recorder.act((draft) => {
      const id = this.target(ref, draft);
      const wired = this.#wired(given, draft);
      const row = draft.get(this.#type, draft.keyOf(id));
      const base = Object.fromEntries(Object.keys(wired).map((name) => [name, row?.[name] ?? null]));
      return { op: "update", type: this.#type, id, patch: wired, base };
    });
  }

  remove(ref: Ref): Change {
    return this.means.recorder.act((draft) => ({ op: "delete", type: this.#type, id: this.target(ref, draft) }));
  }

  move(ref: Ref, to: object): Change {
    const given = copyOf(to);
    return this.means.recorder.act((draft) => {
      const wired = this.#wired(given, draft);
      const place = "before" in wired || "after" in wired ? { otherwise: "last", ...wired } : wired;
      return { op: "move", type: this.#type, id: this.target(ref, draft), place };
    });
  }

  protected target(ref: Ref, draft: Draft, type: Type = this.#type): Target {
    const key = keyOf(this.means.model, type, ref);
    const id = /^id:(\d+)$/.exec(key)?.[1];
    return id === undefined ? targetOf(key, draft.get(type, key)) : Number(id);
  }

  // The wire names objects by id, or by { uid }.
  #wired(value: Row, draft: Draft): Row {
    const types = { list_id: "list", parent_id: "task", before: this.#type, after: this.#type } as const;
    const next: { [name: string]: unknown } = { ...value };
    for (const [name, type] of Object.entries(types)) {
      const ref = next[name];
      if (typeof ref === "string" || typeof ref === "number") next[name] = this.target(ref, draft, type);
    }
    return next;
  }
}

export class AnyTasks extends AnyCollection {
  constructor(means: Means) {
    super(means, "task");
  }

  quick(text: string): { value: object; parsed: readonly object[] } {
    const { rules, viewer } = this.means.context();
    if (!rules) throw new NeedsRules("quick()");
    return rules.quickAdd(text, viewer, worldOf(this.means.model));
  }

  complete(ref: Ref): Change {
    return this.#act("complete", ref);
  }

  skip(ref: Ref): Change {
    return this.#act("skip", ref);
  }

  reopen(ref: Ref): Change {
    return this.#act("reopen", ref);
  }

  restore(ref: Ref): Change {
    return this.means.recorder.act((draft) => ({
      op: "restore",
      type: "task",
      id: this.target(ref, draft),
      shows: [],
    }));
  }

  #act(op: "complete" | "skip" | "reopen", ref: Ref): Change {
    return this.means.recorder.act((draft) => {
      const id = this.target(ref, draft);
      const rule = draft.get("task", draft.keyOf(id))?.["recurrence"];
      const anchor = isRow(rule) && typeof rule["anchor"] === "string" ? { occurrence: rule["anchor"] } : {};
      const { timeZone } = this.means;
      if (op === "reopen") return { op, type: "task", id };
      return { op, type: "task", id, ...anchor, ...(timeZone !== undefined && { time_zone: timeZone }) };
    });
  }
}
