// What is in the trash. Only the service knows it.

import type { Trashed } from "doable-client/calls";
import { reasonOf } from "../app/reason.ts";
import { calls } from "../app/store.svelte.ts";
import { toast } from "../app/toast.svelte.ts";
import { m } from "../i18n/index.ts";

const PAGE = 100; // entries

/** Call it in a component. */
export class Trash {
  /** Undefined until it was loaded. */
  entries = $state.raw<readonly Trashed[]>();
  /** Whether the service has more than `entries`. */
  hasMore = $state(false);
  isUnreachable = $state(false);
  isBusy = $state(false);
  #pages = 1;

  /** Load what was shown anew. */
  async load(): Promise<void> {
    const found: Trashed[] = [];
    let [pages, hasMore] = [0, false];
    try {
      for await (const page of calls().api.pages("/trash", { query: { limit: PAGE } })) {
        if ((hasMore = pages === this.#pages)) break;
        found.push(...page);
        pages += 1;
      }
      [this.entries, this.hasMore, this.isUnreachable] = [found, hasMore, false];
    } catch {
      this.isUnreachable = true;
    }
  }

  async loadMore(): Promise<void> {
    this.#pages += 1;
    await this.load();
  }

  restore(entry: Trashed): Promise<void> {
    return this.#act(m.trash.restored(nameOf(entry)), () =>
      calls().api.post("/trash/{type}/{id}/restore", { path: pathOf(entry), key: crypto.randomUUID() }),
    );
  }

  remove(entry: Trashed): Promise<void> {
    return this.#act(m.trash.gone(nameOf(entry)), () =>
      calls().api.delete("/trash/{type}/{id}", { path: pathOf(entry), key: crypto.randomUUID() }),
    );
  }

  empty(): Promise<void> {
    return this.#act(m.trash.emptied, () => calls().api.delete("/trash", { key: crypto.randomUUID() }));
  }

  async #act(said: string, act: () => Promise<unknown>): Promise<void> {
    this.isBusy = true;
    try {
      await act();
      toast(said);
    } catch (error) {
      toast(reasonOf(error, m.app.failed));
    }
    await this.load();
    this.isBusy = false;
  }
}

export function nameOf({ object }: Trashed): string {
  return "title" in object ? object.title : object.name;
}

function pathOf({ type, object: { id } }: Trashed): { type: "task" | "list"; id: number } {
  return { type, id };
}
