// The words and phrases of English.

import { type Language, type Numbers, oneOf } from "./language.ts";

// Numbers the words. Words of the same number stand together.
function numbered(first: number, words: string): [string, number][] {
  return words.split(", ").flatMap((same, at) => same.split(" ").map((word): [string, number] => [word, first + at]));
}

const LONG = numbered(0, "monday, tuesday, wednesday, thursday, friday, saturday, sunday");
const SHORT = numbered(0, "mon, tue tues, wed weds, thu thur thurs, fri, sat, sun");
const WEEKDAYS: Numbers = new Map([...LONG, ...SHORT]);
const SPRING = "january jan, february feb, march mar, april apr, may, june jun, ";
const AUTUMN = "july jul, august aug, september sept sep, october oct, november nov, december dec";
const MONTHS: Numbers = new Map(numbered(1, SPRING + AUTUMN));
const FEW = numbered(1, "a an one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve");
const STEPS: [string, number][] = [
  ["other", 2],
  ["second", 2],
  ["third", 3],
  ["fourth", 4],
];
const PLACES: [string, number][] = [...numbered(1, "first, second, third, fourth, fifth"), ["last", -1]];
const UNITS = ["day", "week", "month", "year"];
const MINUTES: [string, string][] = [
  ["hour", "hour"],
  ["hr", "hour"],
  ["minute", "minute"],
  ["min", "minute"],
];
const DAYS: Numbers = new Map([
  ["today", 0],
  ["tonight", 0],
  ["tomorrow", 1],
]);
const STARTS = "p every due by for starting on the in next this at noon".split(" ");
const BEFORE = "about after before between from last not of past since than till to until a an the".split(" ");
const FEASTS = "ash black bowl casual cyber easter good palm".split(" ");

const wordsIn = (pairs: Iterable<readonly [string, unknown]>): string => oneOf(Array.from(pairs, ([word]) => word));
const LONG_DAY = wordsIn(LONG);
const SHORT_DAY = wordsIn(SHORT);
const WEEKDAY = wordsIn(WEEKDAYS);
const MONTH = wordsIn(MONTHS);
const COUNT = "[1-9][0-9]{0,2}";
const NUMBER = `(?:${COUNT}|${wordsIn(FEW)})`;
const UNIT = `${oneOf(UNITS)}s?`;
const DAY = "(?:0?[1-9]|[12][0-9]|3[01])";
const SUFFIX = "(?:st|nd|rd|th)";
const ORDINAL = `${DAY}${SUFFIX}`;
const AND = "(?:\\s*[,&/+]\\s*(?:and )?| (?:and |or )?)(?:every )?";
const YEAR = "(?:,? (?<year>2[01][0-9]{2}))?";
const SHORT_YEAR = "(?<year>(?:[0-9]{2}){1,2})";
const HOUR = "(?<hour>[01]?[0-9]|2[0-3])";

// What may stand before a date or a time, and belongs to it.
const BY = "(?:due )?(?:(?:by|for|starting) )?";
const ON = "(?:due )?(?:(?:on|by|for|starting) )?";
const AT = "(?:due )?(?:(?:at|by|for) )?";

const MONTH_DAY = `(?<month>${MONTH})\\.? (?<day>${DAY})${SUFFIX}?`;
const DAY_MONTH = `(?:the )?(?<day>${DAY})(?:${SUFFIX}|\\.)?(?: of)? (?<month>${MONTH})\\.?`;
const DOTTED = "(?<day>[0-9]{1,2})\\.(?<month>[0-9]{1,2})\\.";
const SLASHED = "(?!24/7)(?<one>[0-9]{1,2})/(?<two>[0-9]{1,2})";
const DATED = `${ON}(?:(?:(?:this|next) )?${WEEKDAY},? )?`;

const STEP = `(?<interval>${COUNT}|${ORDINAL}|${wordsIn(new Map([...FEW, ...STEPS]))})`;
const EVERY = "every(?<completion>!)? ";
const OF_MONTH = "(?: of (?:(?:the|each|every) )?month)";
const ANY_MONTH = `(?:${OF_MONTH}|(?! (?:of|in) ${MONTH}))`;
const NO_STEP = `(?:(?: day)?${OF_MONTH}|(?! ${UNIT}(?!\\w)))`; // "every 2nd week" is a step.
const PLACE = `(?:[1-5]${SUFFIX}|${wordsIn(PLACES)})`;
// Lists have an end, so that no text takes long.
const PLACES_OF = `(?<places>${PLACE}(?:${AND}${PLACE}){0,5})`;
const DAYS_OF_WEEK = `(?<days>${WEEKDAY}(?:${AND}${WEEKDAY}){0,6})`;
const MONTHLY = `${EVERY}(?:(?:${STEP} )?months? on (?:the )?)?`;
const YEARLY = `${EVERY}(?:(?:${STEP} )?years? on (?:the )?)?`;
const WEEKLY = `${EVERY}(?:(?:${STEP} )?weeks? on )?`;

export const ENGLISH: Language = {
  weekdays: WEEKDAYS,
  months: MONTHS,
  numbers: new Map([...FEW, ...STEPS, ...PLACES]),
  units: new Map(
    [...UNITS.map((unit) => [unit, unit] as const), ...MINUTES].flatMap(([word, unit]) => [
      [word, unit] as const,
      [`${word}s`, unit] as const,
    ]),
  ),
  days: DAYS,
  starts: new Set([...STARTS, ...DAYS.keys(), ...WEEKDAYS.keys(), ...MONTHS.keys()]),
  inside: new Set(BEFORE),
  feasts: new Set(FEASTS),
  joints: new Set(["", "-", "–", "—", ",", "&", "/", "and", "or", "to", "until", "till"]),
  phrases: [
    ["priority", "p(?<level>[123])"],
    ["yearly", `${YEARLY}${MONTH_DAY}`],
    ["yearly", `${YEARLY}${DAY_MONTH}`],
    ["yearly", `${YEARLY}${DOTTED}`],
    ["yearly_slashed", `${YEARLY}${SLASHED}`],
    ["yearly_weekday", `${EVERY}${PLACES_OF} (?<weekday>${WEEKDAY}) (?:of|in) (?<month>${MONTH})`],
    ["monthly_weekday", `${MONTHLY}${PLACES_OF} (?<weekday>${WEEKDAY})${ANY_MONTH}`],
    ["monthly_workday", `${MONTHLY}${PLACES_OF} weekday${ANY_MONTH}`],
    ["monthly_place", `${MONTHLY}(?<place>first|last) day${ANY_MONTH}`],
    ["monthly_days", `${MONTHLY}(?<days>${ORDINAL}(?:${AND}(?:the )?${ORDINAL}){0,30})${NO_STEP}`],
    ["weekly_workdays", `${WEEKLY}weekdays?`],
    ["weekly_days", `${WEEKLY}${DAYS_OF_WEEK}`],
    ["weekly_days", `${EVERY}(?<interval>other) ${DAYS_OF_WEEK}`],
    ["interval", `${EVERY}(?:${STEP} )?(?<unit>${UNIT})`],
    ["day_word", `${BY}(?<day>${wordsIn(DAYS)})`],
    ["next_week", `${BY}next week`],
    ["next_month", `${BY}next month`],
    ["ahead", `(?:due )?in (?<number>${NUMBER}) (?<unit>${UNIT})`],
    ["ahead_minutes", `(?:due )?in (?<number>${NUMBER}) (?<unit>${wordsIn(MINUTES)}s?)`],
    ["date", `${DATED}${MONTH_DAY}${YEAR}`],
    ["date", `${DATED}${DAY_MONTH}${YEAR}`],
    ["date", `${DATED}(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})`],
    ["date", `${DATED}${DOTTED}${SHORT_YEAR}?`],
    ["slashed", `${DATED}${SLASHED}(?:/${SHORT_YEAR})?`],
    ["next_weekday", `${ON}next (?<weekday>${WEEKDAY})`],
    ["this_weekday", `${ON}this (?<weekday>${WEEKDAY})`],
    ["weekday", `${ON}(?<weekday>${LONG_DAY})`],
    ["weekday", `(?:due )?on (?<weekday>${SHORT_DAY})`],
    ["last_word", `${BY}(?<weekday>${SHORT_DAY})`],
    ["half_day", `${AT}(?<hour>1[0-2]|0?[1-9])(?::(?<minute>[0-5][0-9]))?\\s*(?<half>[ap])\\.?m\\.?`],
    ["clock", `${AT}${HOUR}:(?<minute>[0-5][0-9])`],
    ["clock", `(?:due )?at ${HOUR}(?: o['’]clock)?`],
    ["noon", `${AT}(?:12 )?noon`],
  ],
};
