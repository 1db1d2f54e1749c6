// What you give to a store, and what it says about itself.

import type { TokenSource } from "../calls/index.ts";
import type { Rules } from "./rules.ts";
import type { Storage } from "./storage.ts";

export interface Options {
  /** The id of the user, as in the token (`sub`). A token of another user stops the store. */
  readonly user: string;
  /** Gives a token; see `CallOptions`. Null: the user is signed out. The copy and the outbox stay. */
  readonly token: TokenSource;
  /** Whose token it is, where it says so. By default, and for undefined, the store asks the service about each new token. */
  readonly ownerOf?: (token: string) => string | undefined;
  /** The address of the service. In a browser, by default that of the page. */
  readonly url?: string;
  /** Such as `Europe/Berlin`: where the user's days begin. By default that of the user's settings. */
  readonly timeZone?: string;
  readonly now?: () => Date;
  readonly fetch?: typeof fetch;
  /** `"durable"`, the default, is IndexedDB. Where there is none, the data is in memory, and the status says so. */
  readonly storage?: "durable" | "memory" | Storage;
  /** `import("doable-client/rules")`, for filters, search, sorting, quick add, and the next occurrence of a task. */
  readonly rules?: Rules | Promise<Rules>;
}

export interface Status {
  /**
   * `loading`: the first copy is not complete. `outdated`: another tab runs a newer release; load the page again.
   * `signed-out`: there is no token, or the store was stopped.
   */
  readonly phase: "loading" | "live" | "offline" | "signed-out" | "outdated";
  /** `full`: the device has no room, and the last change was not stored. */
  readonly storage: "durable" | "memory" | "full";
  /** How many changes the service does not have yet. */
  readonly waiting: number;
  /** Whether this tab is the one that speaks with the service. */
  readonly leader: boolean;
  /** When the copy was last known to be current. */
  readonly syncedAt?: Date;
}

/** A change that the service has not answered yet. */
export interface Pending {
  readonly id: string;
  readonly label: string | undefined;
  readonly at: Date;
  /** Whether it was sent, so that the service may have it. */
  readonly isSent: boolean;
  /** How many operations it has. */
  readonly size: number;
}
