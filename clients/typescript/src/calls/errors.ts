import type { Problem } from "./openapi.ts";

interface Circumstances {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly cause?: unknown;
}

/**
 * There is no final answer: the network failed, something else than Doable answered, or Doable can't answer now. The request may
 * have taken effect. Send the same request again later.
 */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly status: number | undefined;
  /** How long the service asks you to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly problem: Problem | undefined;

  constructor(message: string, { status, retryAfterMs, problem, cause }: Circumstances = {}) {
    super(message, { cause });
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.problem = problem;
  }
}

/** There is no valid token: `token()` gave null, or the service refused the new token too. Then `problem` says why. */
export class SignedOut extends Error {
  override readonly name = "SignedOut";
  readonly problem: Problem | undefined;

  constructor(problem?: Problem) {
    super(problem?.error ?? "You are signed out");
    this.problem = problem;
  }
}

/** The service refused the request: `problem` says why. */
export class Refused extends Error {
  override readonly name: string = "Refused";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.error);
    this.problem = problem;
  }
}

/** The changes since the cursor are no longer known: delete the copy, and read everything again. */
export class CursorExpired extends Refused {
  override readonly name = "CursorExpired";
}
