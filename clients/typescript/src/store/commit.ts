// One change of what is stored, all of it or nothing. Each record counts its changes: a commit that was made from an
// older record takes no effect. So tabs, and two leaders, can't overwrite what they have not seen.

import { isRow, type Row } from "./json.ts";
import type { Refused, Write } from "./ops.ts";
import { AREAS, Outdated, type Storage, type Transaction } from "./storage.ts";
import { uuid } from "./uuid.ts";

/** A new format of the copy drops the copy. */
export const FORMAT = 1;

/** How far the copy has come. */
export interface Copy {
  readonly format: number;
  readonly stamp: number;
  readonly cursor?: string;
  /** Whether the first fill has ended. */
  readonly isComplete: boolean;
  /** Counts the times that the copy began anew. A revision of an earlier time can be that of another change by now. */
  readonly epoch?: number;
  readonly me?: Row;
}

export interface Stored {
  readonly id: number;
  readonly type: string;
  readonly row: Row;
}

export interface Removal {
  readonly id: string;
  readonly stamp: number;
  /** What the service has answered. Without it, the write is withdrawn. */
  readonly answer?: unknown;
}

export interface Commit {
  readonly copy?: Copy;
  readonly objects?: { readonly clear: boolean; readonly put: readonly Stored[]; readonly remove: readonly number[] };
  readonly outbox?: { readonly put: readonly Write[]; readonly remove: readonly Removal[] };
  readonly conflicts?: { readonly put: readonly Refused[]; readonly remove: readonly Removal[] };
}

/** `stale`: another tab was faster. `gone`: the user has signed out. */
export type Outcome = { readonly version: number; readonly commit: Commit } | "stale" | "gone";

export interface Snapshot {
  readonly life: string;
  readonly version: number;
  readonly copy: Copy;
  readonly objects: readonly Stored[];
  readonly outbox: readonly Write[];
  readonly conflicts: readonly Refused[];
  /** The ids of the last writes that went without an answer, for tabs that missed it. */
  readonly withdrawn: readonly string[];
}

const REMEMBERED = 200; // withdrawn writes

export const EMPTY: Copy = { format: FORMAT, stamp: 0, isComplete: false };

/** Read everything. `life` names the time from one sign-out to the next, if it is known, and `owner` the user and the service. */
export function load(storage: Storage, life: string | undefined, owner: string): Promise<Snapshot> {
  return storage.run("write", async (transaction) => {
    const [found, owned = owner, version, copy, withdrawn, objects, outbox, conflicts] = await Promise.all([
      transaction.get("meta", "life"),
      transaction.get("meta", "owner"),
      transaction.get("meta", "version"),
      transaction.get("meta", "copy"),
      transaction.get("meta", "withdrawn"),
      transaction.all("objects"),
      transaction.all("outbox"),
      transaction.all("conflicts"),
    ]);
    if (owned !== owner) throw new Error("The storage is that of another user or service");
    if (found === undefined && life !== undefined) throw new Error("The data is gone");
    const begun = typeof found === "string" ? found : uuid();
    // A device without room can still read: then nothing is written.
    if (found === undefined) begin(transaction, begun, owner);
    if (isRow(copy) && Number(copy["format"]) > FORMAT) throw new Outdated();
    const isKnown = isCopy(copy);
    if (!isKnown) transaction.clear("objects");
    if (!isKnown) transaction.put("meta", "copy", EMPTY);
    return {
      life: begun,
      version: Number(version ?? 0),
      copy: isKnown ? copy : EMPTY,
      objects: isKnown ? objects.filter(isStored) : [],
      outbox: outbox.filter(isWrite),
      conflicts: conflicts.filter(isRefused),
      withdrawn: strings(withdrawn),
    };
  });
}

function begin(transaction: Transaction, life: string, owner: string): void {
  transaction.put("meta", "owner", owner);
  transaction.put("meta", "life", life);
}

/** What a tab knows, to be stored again. The service has the objects. */
export type Rest = Omit<Snapshot, "life" | "objects" | "withdrawn"> & { readonly owner: string };

/** If `rest` is given and the data is gone, it is stored before the commit. */
export function run(storage: Storage, life: string, commit: Commit, rest?: Rest): Promise<Outcome> {
  return storage.run("write", async (transaction) => {
    const found = await transaction.get("meta", "life");
    if (found === undefined && rest) refill(transaction, life, rest);
    else if (found !== life) return "gone";
    if (!(await isCurrent(transaction, commit))) return "stale";
    const version = Number((await transaction.get("meta", "version")) ?? 0) + 1;
    const placed = place(commit, version);
    write(transaction, placed);
    if (commit.outbox) await remember(transaction, commit.outbox);
    transaction.put("meta", "version", version);
    return { version, commit: placed };
  });
}

function refill(transaction: Transaction, life: string, { owner, version, copy, outbox, conflicts }: Rest): void {
  begin(transaction, life, owner);
  transaction.put("meta", "version", version);
  write(transaction, { copy, outbox: { put: outbox, remove: [] }, conflicts: { put: conflicts, remove: [] } });
}

/** Remove everything, and return 0. If changes are to be kept: return how many there are, also in formats of newer releases. */
export function erase(storage: Storage, isKept: boolean, others = async () => 0): Promise<number> {
  return storage.run("write", async (transaction) => {
    const [outbox, conflicts] = await Promise.all([transaction.all("outbox"), transaction.all("conflicts")]);
    const waiting = outbox.filter((record) => !isRow(record) || !record["answer"]);
    const count = (isKept ? waiting.length + conflicts.length : 0) || (await others());
    if (!count) AREAS.forEach((area) => transaction.clear(area));
    return count;
  });
}

async function isCurrent(transaction: Transaction, { copy, outbox, conflicts }: Commit): Promise<boolean> {
  const stampOf = async (area: "outbox" | "conflicts" | "meta", key: string): Promise<unknown> => {
    const record = await transaction.get(area, key);
    return isRow(record) ? record["stamp"] : -1;
  };
  if (copy && (await stampOf("meta", "copy")) !== copy.stamp - 1) return false;
  for (const [area, changes] of [
    ["outbox", outbox],
    ["conflicts", conflicts],
  ] as const) {
    for (const { id, stamp } of changes?.put ?? []) if ((await stampOf(area, id)) !== stamp - 1) return false;
    for (const { id, stamp } of changes?.remove ?? []) if ((await stampOf(area, id)) !== stamp) return false;
  }
  return true;
}

// The version is the place of new writes in the order of all writes.
function place(commit: Commit, version: number): Commit {
  if (!commit.outbox) return commit;
  const put = commit.outbox.put.map((write, at) => (write.seq ? write : { ...write, seq: version + at / 1024 }));
  return { ...commit, outbox: { ...commit.outbox, put } };
}

function write(transaction: Transaction, { copy, objects, outbox, conflicts }: Commit): void {
  if (objects?.clear) transaction.clear("objects");
  for (const id of objects?.remove ?? []) transaction.delete("objects", id);
  for (const stored of objects?.put ?? []) transaction.put("objects", stored.id, stored);
  if (copy) transaction.put("meta", "copy", copy);
  for (const [area, changes] of [
    ["outbox", outbox],
    ["conflicts", conflicts],
  ] as const) {
    for (const { id } of changes?.remove ?? []) transaction.delete(area, id);
    for (const record of changes?.put ?? []) transaction.put(area, record.id, record);
  }
}

// What comes back after a conflict is withdrawn no longer.
async function remember(transaction: Transaction, { put, remove }: NonNullable<Commit["outbox"]>): Promise<void> {
  const known = strings(await transaction.get("meta", "withdrawn"));
  const gone = remove.flatMap(({ id, answer }) => (answer ? [] : [id]));
  const left = known.filter((id) => !put.some((write) => write.id === id)).concat(gone);
  if (gone.length || left.length < known.length) transaction.put("meta", "withdrawn", left.slice(-REMEMBERED));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isCopy(value: unknown): value is Copy {
  return isRow(value) && value["format"] === FORMAT;
}

function isStored(value: unknown): value is Stored {
  return isRow(value) && typeof value["id"] === "number" && isRow(value["row"]);
}

function isWrite(value: unknown): value is Write {
  return isRow(value) && value["v"] === 1 && Array.isArray(value["ops"]);
}

function isRefused(value: unknown): value is Refused {
  return isRow(value) && value["v"] === 1 && Array.isArray(value["writes"]);
}
