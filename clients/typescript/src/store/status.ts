// What the store says about itself.

import type { Contact } from "./engine.ts";
import { same } from "./json.ts";
import { Cell } from "./live.ts";
import type { Status } from "./options.ts";

interface Facts {
  readonly contact: Contact;
  readonly isComplete: boolean;
  readonly isOutdated: boolean;
  readonly isStopped: boolean;
  readonly isFull: boolean;
  readonly storage: "durable" | "memory";
  readonly waiting: number;
  readonly leader: boolean;
  readonly syncedAt: Date | undefined;
}

export class StatusBoard {
  readonly cell: Cell<Status>;
  #facts: Facts;

  constructor(storage: "durable" | "memory") {
    this.#facts = {
      contact: "none",
      isComplete: false,
      isOutdated: false,
      isStopped: false,
      isFull: false,
      storage,
      waiting: 0,
      leader: false,
      syncedAt: undefined,
    };
    this.cell = new Cell(statusOf(this.#facts));
  }

  set(news: Partial<Facts>): void {
    this.#facts = { ...this.#facts, ...news };
    const status = statusOf(this.#facts);
    if (!same(status, this.cell.get()) || status.syncedAt?.getTime() !== this.cell.get().syncedAt?.getTime()) {
      this.cell.set(status);
    }
  }
}

function statusOf(facts: Facts): Status {
  const { storage, isFull, waiting, leader, syncedAt } = facts;
  return { phase: phaseOf(facts), storage: isFull ? "full" : storage, waiting, leader, ...(syncedAt && { syncedAt }) };
}

function phaseOf({ isOutdated, isStopped, contact, isComplete }: Facts): Status["phase"] {
  if (isOutdated) return "outdated";
  if (isStopped) return "signed-out";
  return contact === "none" || (contact === "live" && !isComplete) ? "loading" : contact;
}
