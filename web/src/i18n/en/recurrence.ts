// What a recurrence rule says, in English.

import { listed, monthName, weekdayName } from "../names.ts";
import { type Grammar, isWorkdays, recurrenceWords } from "../recurrence.ts";

const UNITS = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" } as const;
const NAMED = ["first", "second", "third", "fourth", "fifth"];
const plural = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };

const grammar: Grammar = {
  every: (frequency, interval) =>
    interval === 1 ? `Every ${UNITS[frequency]}` : `Every ${interval} ${UNITS[frequency]}s`,
  weekly: (days) => (isWorkdays(days) ? "Every weekday" : `Every ${listed(names(days))}`),
  on: (places) => `on ${listed(places)}`,
  monthDay: (day) => (day > 0 ? `the ${ordinal(day)}` : `the ${place(day)} day`),
  orLastDay: (day) => `the ${ordinal(day)}, or the last day of a shorter month`,
  monthDayIn: (day, month) => `the ${place(day)} day of ${monthName(month)}`,
  nth: (places, day) => `the ${listed(places.map(place))} ${day}`,
  onWorkdays: "on weekdays",
  onEach: (days) => `on every ${isWorkdays(days) ? "weekday" : listed(names(days))}`,
  workday: "weekday",
  yearDay: (day) => `the ${day > 0 ? ordinal(day) : place(day)} day of the year`,
  inMonths: (months) => `in ${listed(months.map(monthName))}`,
  inWeeks: (weeks) => `in ${weeks.length === 1 ? "week" : "weeks"} ${listed(weeks.map(week))}`,
  ofYear: "of the year",
  onlyOn: (days) => `, if it is ${isWorkdays(days) ? "a weekday" : `a ${listed(names(days), "disjunction")}`}`,
  only: (places) => `, only the ${listed(places.map(place))} of these days`,
  fromCompletion: ", counted from completion",
  times: (count) => `, ${count === 1 ? "once" : `${count} times`}`,
  until: (date) => `, until ${date}`,
};

export const recurrence = { words: recurrenceWords(grammar) };

function names(days: readonly number[]): string[] {
  return days.map((day) => weekdayName(day));
}

function ordinal(number: number): string {
  return `${number}${ENDINGS[plural.select(number)] ?? "th"}`;
}

/** 2 is “second”, -1 is “last”, -2 is “second to last”. */
function place(number: number): string {
  const from = NAMED[Math.abs(number) - 1] ?? ordinal(Math.abs(number));
  if (number > 0) return from;
  return number === -1 ? "last" : `${from} to last`;
}

function week(number: number): string {
  return number > 0 ? String(number) : `${-number} from the end`;
}
