// Random sentences, compared with what the service reads in them.

import fc from "fast-check";
import { expect, test } from "vitest";

import { type NewTask, quickAdd, type Span, type Viewer } from "../../src/rules/index.ts";
import { rounds } from "../service.ts";
import { oneOf, TIMEOUT } from "./arbitraries.ts";
import { viewer } from "./given.ts";
import { expectRefused, isRefusal, Peer, type Refusal, ZONES } from "./peer.ts";

interface Settings {
  week_start: Viewer["weekStart"];
  date_order: Viewer["dateOrder"];
}

const LISTS = ["Home", "My list", "home", "Größe", "C#"];
const LABELS = ["errand", "Two Words", "x!"];

// What can stand in the place of a word of a phrase.
const WORDS: Readonly<Record<string, string>> = {
  STEP: "2 3rd other second twelve an 14 0",
  UNIT: "day days week weeks month months year years",
  MINUTES: "hour hours hr minute minutes min",
  WEEKDAY: "monday Tuesday wed thurs friday Sat sun weds",
  PLACE: "1st 2nd third last fourth 5th 6th",
  MONTH: "january feb Mar. may june sept december",
  DAY: "1 2nd 15th 28 29 30th 31 31st 32 07",
  TIME: "5pm 5:30am 12am 12:15p.m. 17:00 24:00 9 noon 0:05",
  BEFORE: "on by due for starting at in of the this next last until from a to not black easter and or - – , &",
  NAME: "#Home #home. #Größe #C# #C#, #nowhere @errand @ERRAND! @new @x! p1 p2 P3 p4",
  KEPT: '\\tomorrow "tomorrow" \'friday\' ‘friday’ (tomorrow) tomorrow: [friday] \\ \\\\ \\x # @ #"x @" « » „ “ ” \'',
  OTHER: "call mom don’t café 24/7 99 Every everyday — / : ; ! ? … 🎈 İ \u212aelvin wee\u212a \u200e \u00b2 \u0660",
};
const PHRASES = [
  ...["today", "tonight", "tomorrow", "next week", "next month", "WEEKDAY", "on WEEKDAY", "next WEEKDAY"],
  ...["this WEEKDAY", "in STEP UNIT", "in STEP MINUTES", "MONTH DAY", "the DAY of MONTH", "WEEKDAY , DAY MONTH 2027"],
  ...["2026-12-24", "24.12.", "29.2.", "31.4.27", "12/24", "24/12/26", "1/2", "2026-02-30", "at TIME", "TIME"],
  ...["BEFORE", "NAME", "OTHER", "KEPT", "BEFORE BEFORE", "OTHER OTHER", "every UNIT", "every! STEP UNIT"],
  ...["every STEP UNIT", "every WEEKDAY", "every STEP WEEKDAY and WEEKDAY", "every weekday", "every PLACE WEEKDAY"],
  ...["every STEP weeks on WEEKDAY , WEEKDAY & WEEKDAY", "every PLACE and PLACE WEEKDAY of the month"],
  ...["every PLACE WEEKDAY in MONTH", "every PLACE weekday", "every last day of the month", "every DAY"],
  ...["every DAY and DAY", "every STEP months on the DAY", "every MONTH DAY", "every DAY MONTH", "every 24.12."],
  ...["every 12/24", "every STEP DAY", '#"My list"', '@"two words"', '@"new one"', "#My\\ list"],
];
const word = (name: string) => oneOf(...(WORDS[name] ?? name).split(" "));
const phrase = oneOf(...PHRASES).chain((text) =>
  fc.tuple(...text.split(" ").map(word)).map((words) => words.join(" ")),
);
const between = fc.oneof(
  { weight: 3, arbitrary: fc.constant(" ") },
  { weight: 2, arbitrary: oneOf("", "  ", "\t", "\u00a0", "     ", "\n", ", ", "\x1f", "\ufeff") },
);
const sentence = fc
  .array(fc.tuple(phrase, between), { minLength: 1, maxLength: 5 })
  .map((parts) => ["Do ", ...parts.flat()].join(""));
const text = fc.oneof(
  { weight: 9, arbitrary: sentence },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
);
const moment = fc.oneof(
  fc.date({ min: new Date("2025-01-01"), max: new Date("2029-12-31"), noInvalidDate: true }),
  oneOf("2028-02-29T12:00:00Z", "2026-03-29T00:59:59Z", "2026-10-25T01:00:00Z", "2026-12-31T23:30:00Z").map(
    (text) => new Date(text),
  ),
);
const settings = fc.record({
  week_start: oneOf("monday", "sunday", "saturday"),
  date_order: oneOf("dmy", "mdy"),
});

test(
  "Quick add reads what the service reads",
  async () => {
    const peer = new Peer();
    await peer.batch([
      ...LISTS.map((name) => ({ op: "create", type: "list", list: { name } })),
      ...LABELS.map((name) => ({ op: "create", type: "label", label: { name } })),
    ]);
    const world = await peer.world();
    const holds = async (chosen: Settings, typed: [string, Date, string][]) => {
      await peer.ask("PATCH", "../me", chosen);
      for (const [text, now, zone] of typed) {
        const at = viewer({ now, timeZone: zone, weekStart: chosen.week_start, dateOrder: chosen.date_order });
        const body = { text, now, time_zone: zone, dry_run: true };
        const answer = await peer.ask<{ task: NewTask; parsed: Span[] } | Refusal>("POST", "tasks/quick", body);
        const what = JSON.stringify([text, at]);
        if (isRefusal(answer)) expectRefused(() => quickAdd(text, at, world), answer, what);
        else expect(quickAdd(text, at, world), what).toEqual({ value: answer.task, parsed: answer.parsed });
      }
    };
    const typed = fc.array(fc.tuple(text, moment, oneOf(...ZONES)), { minLength: 20, maxLength: 20 });
    await fc.assert(fc.asyncProperty(settings, typed, holds), { numRuns: rounds(12, 500) });
  },
  TIMEOUT,
);
