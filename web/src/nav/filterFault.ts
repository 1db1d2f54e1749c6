// What is wrong with the text of a filter, found with the service's own rules.

import { FilterError, parseFilter } from "doable-client/rules";

export interface FilterFault {
  readonly message: string;
  /** In characters, from 1. */
  readonly column: number;
}

export function faultOf(text: string): FilterFault | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { message: error.message, column: error.column ?? 1 };
  }
}
