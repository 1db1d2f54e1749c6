// What a recurrence rule says, in German.

import { listed, monthName, weekdayName } from "../names.ts";
import { type Grammar, isWorkdays, recurrenceWords } from "../recurrence.ts";

const EVERY = { DAILY: "Jeden Tag", WEEKLY: "Jede Woche", MONTHLY: "Jeden Monat", YEARLY: "Jedes Jahr" } as const;
const UNITS = { DAILY: "Tage", WEEKLY: "Wochen", MONTHLY: "Monate", YEARLY: "Jahre" } as const;
const NAMED = ["ersten", "zweiten", "dritten", "vierten", "fünften"];
const FROM_END = ["letzten", "vorletzten", "drittletzten", "viertletzten", "fünftletzten"];

const grammar: Grammar = {
  every: (frequency, interval) => (interval === 1 ? EVERY[frequency] : `Alle ${interval} ${UNITS[frequency]}`),
  weekly: (days) => (isWorkdays(days) ? "Montags bis freitags" : `Jeden ${listed(names(days))}`),
  on: (places) => `am ${listed(places)}`,
  monthDay: (day) => (day > 0 ? `${day}.` : `${place(day)} Tag`),
  orLastDay: (day) => `${day}., in kürzeren Monaten am letzten Tag`,
  monthDayIn: (day, month) => `${place(day)} Tag im ${monthName(month)}`,
  nth: (places, day) => `${listed(places.map(place))} ${day}`,
  onWorkdays: "von Montag bis Freitag",
  onEach: (days) => (isWorkdays(days) ? "an jedem Arbeitstag" : `an jedem ${listed(names(days))}`),
  workday: "Arbeitstag",
  yearDay: (day) => `${place(day)} Tag des Jahres`,
  inMonths: (months) => `im ${listed(months.map(monthName))}`,
  inWeeks: (weeks) => `in ${weeks.length === 1 ? "Woche" : "den Wochen"} ${listed(weeks.map(week))}`,
  ofYear: "des Jahres",
  onlyOn: (days) =>
    `, wenn es ein ${isWorkdays(days) ? "Tag von Montag bis Freitag" : listed(names(days), "disjunction")} ist`,
  only: (places) => `, nur am ${listed(places.map(place))} dieser Tage`,
  fromCompletion: ", ab dem Erledigen gezählt",
  times: (count) => `, ${count === 1 ? "einmal" : `${count}-mal`}`,
  until: (date) => `, bis ${date}`,
};

export const recurrence = { words: recurrenceWords(grammar) };

function names(days: readonly number[]): string[] {
  return days.map((day) => weekdayName(day));
}

/** 2 is „zweiten“, -2 is „vorletzten“. */
function place(number: number): string {
  const at = Math.abs(number) - 1;
  return number > 0 ? (NAMED[at] ?? `${number}.`) : (FROM_END[at] ?? `${-number}.-letzten`);
}

function week(number: number): string {
  return number > 0 ? String(number) : `${-number} vom Ende`;
}
