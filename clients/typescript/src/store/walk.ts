// The walk through the pages of sync, from the cursor of the copy to its end.

import type { Connection } from "../calls/connection.ts";
import { type Answer, isProblem, Unreachable } from "../calls/index.ts";
import type { Commit, Copy, Stored } from "./commit.ts";
import type { Journal } from "./journal.ts";
import { isRow, type Row, rowsOf } from "./json.ts";
import type { Write } from "./ops.ts";

const LIMIT = 1000;

/** The pages since the last commit. They go on where they stopped when the network failed. */
interface Pages {
  readonly objects: Map<number, Stored | null>;
  /** The writes that were answered before the first page was asked for. */
  readonly answered: readonly Write[];
  /** The copy that the pages follow on. */
  readonly from: Copy;
  /** The cursor of the copy was too old: the pages are a new copy. */
  readonly isWhole: boolean;
  cursor: string | undefined;
  me: Row | undefined;
}

export class Walker {
  /** The highest revision that the copy is known to have seen. */
  seen = 0;
  readonly #journal: Journal;
  readonly #connection: Connection;
  #pages: Pages | undefined;

  constructor(journal: Journal, connection: Connection) {
    this.#journal = journal;
    this.#connection = connection;
  }

  /** Bring the copy up to date. Throws Unreachable and SignedOut. */
  async walk(signal: AbortSignal): Promise<void> {
    for (let isCurrent = false; !isCurrent && !signal.aborted;) {
      const pages = (this.#pages ??= this.#begin());
      const cursor = pages.cursor === undefined ? "" : `&cursor=${encodeURIComponent(pages.cursor)}`;
      const answer = await this.#connection.send({ method: "GET", path: `/sync?limit=${LIMIT}${cursor}`, signal });
      // A cursor that the service does not know (400) is no better than an old one.
      if (answer.status === 410 || (answer.status === 400 && !pages.isWhole)) this.#pages = this.#begin(true);
      else isCurrent = await this.#take(pages, answer, signal);
    }
  }

  #begin(isWhole = false): Pages {
    if (isWhole) this.seen = 0;
    const from = this.#journal.copy;
    return {
      objects: new Map(),
      answered: this.#journal.model.outbox.get().filter(({ answer }) => answer),
      from,
      isWhole,
      cursor: isWhole ? undefined : from.cursor,
      me: isWhole ? undefined : from.me,
    };
  }

  // The first fill is shown page by page. After it, nobody sees half of a change.
  async #take(pages: Pages, answer: Answer, signal: AbortSignal): Promise<boolean> {
    const isLast = !this.#read(pages, answer);
    if (!isLast && (pages.isWhole || pages.from.isComplete)) return false;
    if (isLast) pages.me ??= await this.#me(signal);
    this.#pages = undefined;
    if (isNews(pages)) {
      const outcome = await this.#journal.commit(commitOf(pages, isLast));
      if (outcome !== "done") return outcome === "gone";
    }
    // The writes that were answered before the fill are in it when it ends.
    if (!isLast) this.#pages = { ...this.#begin(), answered: pages.answered };
    return isLast;
  }

  #read(pages: Pages, { status, body }: Answer): boolean {
    if (status !== 200 || !isRow(body) || typeof body["cursor"] !== "string") {
      throw new Unreachable(isProblem(body) ? body.error : "The page can't be read", { status });
    }
    for (const { id } of rowsOf(body["removed"])) if (typeof id === "number") pages.objects.set(id, null);
    for (const [name, rows] of Object.entries(body)) {
      if (name === "removed") continue;
      for (const row of rowsOf(rows)) this.#add(pages, name.replace(/s$/, ""), row);
    }
    if (isRow(body["user"])) pages.me = body["user"];
    pages.cursor = body["cursor"];
    return body["has_more"] === true;
  }

  #add({ objects }: Pages, type: string, row: Row): void {
    if (typeof row["id"] !== "number") return;
    objects.set(row["id"], { id: row["id"], type, row });
    this.seen = Math.max(this.seen, Number(row["revision"] ?? 0));
  }

  async #me(signal: AbortSignal): Promise<Row | undefined> {
    const { body } = await this.#connection.send({ method: "GET", path: "", signal });
    return isRow(body) ? body : undefined;
  }
}

function isNews({ objects, answered, isWhole, from, me }: Pages): boolean {
  return objects.size > 0 || answered.length > 0 || isWhole || !from.isComplete || me !== from.me;
}

function commitOf({ objects, answered, from, isWhole, cursor, me }: Pages, isLast: boolean): Commit {
  const copy: Copy = {
    ...from,
    stamp: from.stamp + 1,
    isComplete: from.isComplete || isLast,
    ...(isWhole && { epoch: (from.epoch ?? 0) + 1 }),
    ...(cursor !== undefined && { cursor }),
    ...(me && { me }),
  };
  const put = [...objects.values()].filter((stored) => stored !== null);
  const remove = [...objects].flatMap(([id, stored]) => (stored ? [] : [id]));
  return { copy, objects: { clear: isWhole, put, remove }, ...(isLast && { outbox: { put: [], remove: answered } }) };
}
