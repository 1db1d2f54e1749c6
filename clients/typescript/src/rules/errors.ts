import type { Reason } from "./filter/reasons.ts";

/**
 * What is wrong with an input, in the words of the service. `column` counts code points from 1. The grammar of filters gives a `reason`
 * with the values of its sentence, for who tells it in another language.
 */
export interface Fault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly column?: number;
  readonly reason?: Reason;
  readonly values?: readonly (string | number)[];
}

/** The service would refuse this input, for all of `faults`. The message is that of the first one. */
export class Invalid extends Error {
  override readonly name: string = "Invalid";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults[0]?.message);
    this.faults = faults;
  }
}

/** A filter is wrong at a column: that of its first fault. */
export class FilterError extends Invalid {
  override readonly name = "FilterError";

  get column(): number | undefined {
    return this.faults[0]?.column;
  }
}

/** Refuse an input for one reason. */
export function refuse(field: string, code: string, message: string): never {
  throw new Invalid([{ field, code, message }]);
}
