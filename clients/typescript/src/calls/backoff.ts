const FIRST_MS = 1_000;
const VISIBLE_MS = 15_000;
const LONGEST_MS = 300_000;

/** How long to wait between attempts: twice as long each time, with full jitter. */
export class Backoff {
  #attempts = 0;
  readonly #isVisible: () => boolean;
  readonly #random: () => number;

  /** While `isVisible` gives true, the waits are at most 15 seconds, else 5 minutes. */
  constructor(isVisible: () => boolean = pageIsVisible, random: () => number = Math.random) {
    this.#isVisible = isVisible;
    this.#random = random;
  }

  /** The next wait, in milliseconds: at least what the service asked for, unless that is more than 5 minutes. */
  next(retryAfterMs = 0): number {
    const limit = this.#isVisible() ? VISIBLE_MS : LONGEST_MS;
    const asked = Math.min(retryAfterMs, LONGEST_MS);
    const jitter = this.#random() * Math.min(limit, FIRST_MS * 2 ** this.#attempts++);
    return Math.min(asked + jitter, Math.max(asked, limit));
  }

  /** An attempt succeeded. */
  reset(): void {
    this.#attempts = 0;
  }
}

function pageIsVisible(): boolean {
  return typeof document === "undefined" || document.visibilityState === "visible";
}
