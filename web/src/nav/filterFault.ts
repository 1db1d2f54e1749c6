// What is wrong with the text of a filter, found with the service's own rules.

import { type Fault, FilterError, parseFilter } from "doable-client/rules";
import { m } from "../i18n/index.ts";

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
    const [fault] = error.faults as [Fault];
    return { message: m.views.filterFault(fault.message, fault), column: fault.column ?? 1 };
  }
}
