// Why the service refused, in the language of the page. Its own sentences are English.

import { Refused, SignedOut } from "doable-client/calls";
import { m } from "../i18n/index.ts";

/** Why a call failed. `offline`: what to say when no answer came. */
export function reasonOf(error: unknown, offline = m.app.offlineOnly): string {
  if (error instanceof SignedOut) return m.status.signIn;
  if (!(error instanceof Refused)) return offline;
  const { code, error: sentence } = error.problem;
  return m.reasons[code] ?? m.app.refused(sentence);
}
