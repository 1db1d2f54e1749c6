// What is wrong with a filter, in German. The service and its rules speak English.

import type { Fault, FilterReasons } from "doable-client/rules";

const UNITS: Readonly<Record<string, string>> = { days: "Tage", weeks: "Wochen", months: "Monate" };

const reasons: FilterReasons = {
  empty: () => "ein Filter hat mindestens einen Begriff",
  no_term: () => "hier fehlt ein Begriff",
  no_operator: () => "hier fehlt & oder |",
  no_name: (mark) => `nach ${mark} fehlt ein Name`,
  no_words: () => "nach search: fehlen Wörter",
  no_day: () => "hier fehlt ein Tag",
  no_character: () => "nach \\ fehlt ein Zeichen",
  not_a_term: (words) => `${words} ist kein Begriff`,
  not_a_day: (words) => `${words} ist kein Tag`,
  not_a_date: (words) => `${words} steht nicht im Kalender`,
  reserved: (first) => `Begriffe, die mit ${first} beginnen, sind reserviert`,
  comma: () => "ein Komma ist reserviert; | heißt oder, & heißt und",
  not_opened: () => "zu dieser ) gehört keine (",
  not_closed: () => "zu dieser ( gehört keine )",
  open_quote: () => 'dieses " wird nicht geschlossen',
  too_many_terms: (most) => `ein Filter hat höchstens ${most} Begriffe`,
  too_many_levels: (most) => `ein Filter hat höchstens ${most} Ebenen aus ( und !`,
  days_out_of_range: (most) => `die Zahl der Tage liegt zwischen 1 und ${most}`,
  too_far: (unit, most) => `die Zahl der ${UNITS[unit] ?? unit} ist höchstens ${most}`,
};

export function filterFault(_sentence: string, { column, reason, values = [] }: Fault): string {
  if (!reason) return "Der Filter ist zu lang oder enthält ein Zeichen, das der Dienst nicht annimmt.";
  const words = reasons[reason] as (...given: readonly (string | number)[]) => string;
  return `Spalte ${column} des Filters: ${words(...values)}`;
}
