// Filters, searches and orders of random tasks, compared with the service's.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";

import {
  canonical,
  matcher,
  newestFirst,
  parseFilter,
  search,
  searched,
  sorter,
  type Task,
  type Viewer,
  type World,
} from "../../src/rules/index.ts";
import { rounds } from "../service.ts";
import { oneOf, sometimes, TIMEOUT } from "./arbitraries.ts";
import { viewer } from "./given.ts";
import { expectAt, expectRefused, isRefusal, Peer, type Refusal, ZONES } from "./peer.ts";

const WORDS = [
  ...["milk", "Milch", "oat", "Oat-milk", "Größe", "GROSSE", "café", "cafe\u0301", "Ærø", "Łódź", "naïve", "ſoft"],
  ...[
    "ΣΊΣΥΦΟΣ",
    "σίσυφος",
    "İstanbul",
    "ısı",
    "ﬁne",
    "½",
    "東京",
    "牛乳を買う",
    "🎈",
    "R&D",
    "a_b",
    "C#",
    "x²",
    "100%",
  ],
  ...["a", "ab", "don’t", "“so”", "e\u00admail", "½ cup", "\u212a", "ẞ", "\uff21\uff22", "Ǆ", "ŉ", "don't"],
];
const LISTS = ["Home", "HOME", "Work", "Größe", "My list", "Old", "a|b", "🎈"];
const LABELS = ["errand", "Errands", "Straße", "cafe\u0301", "on the phone", "x*", "ǅ", "ısı"];
const DAYS = ["2026-11-27", "2026-02-29", "today", "tomorrow", "yesterday", "monday", "sunday", "+3 days", "-2 weeks"];
const MORE_DAYS = ["+1 month", "-13 months", "+9999 months", "-9999 weeks", "0001-01-01", "9999-12-31", "+0 days"];

const words = fc.array(oneOf(...WORDS), { minLength: 1, maxLength: 4 }).map((some) => some.join(" "));
// So near to now that each border of a day and an hour is in some of them.
const near = fc.record({
  minutes: fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
  isTimed: fc.boolean(),
  zone: fc.option(oneOf(...ZONES)),
});
const due = near.map(({ minutes, isTimed, zone }) => {
  const text = new Date(Date.now() + minutes * 60_000).toISOString();
  return { date: text.slice(0, 10), ...(isTimed && { time: text.slice(11, 16), ...(zone && { time_zone: zone }) }) };
});
const task = fc.record({
  title: words,
  description: sometimes(words),
  due: sometimes(due),
  start: sometimes(due),
  priority: sometimes(oneOf("high", "medium", "low")),
  labels: sometimes(fc.uniqueArray(oneOf(...LABELS), { maxLength: 3 })),
});
interface Extras {
  list: number | null;
  isSubtask: boolean;
  recurs: boolean;
  completed: number | null;
}
const extras: fc.Arbitrary<Extras> = fc.record({
  list: fc.option(fc.nat(LISTS.length - 1)),
  isSubtask: fc.boolean(),
  recurs: fc.boolean(),
  completed: fc.option(fc.integer({ min: 1, max: 60 * 24 * 3 }), { freq: 2 }),
});

const term: fc.Arbitrary<string> = fc.oneof(
  oneOf("today", "tomorrow", "yesterday", "overdue", "no date", "no time", "recurring", "subtask", "no labels"),
  oneOf("no priority", "no list", "complete", "incomplete", "all", "p1", "p2", "p3", "1 day", "7 days", "9999 days"),
  oneOf(...LISTS, "nowhere").map((name) => `#"${name}"`),
  oneOf(...LABELS, "nothing").map((name) => `@"${name.toUpperCase()}"`),
  oneOf("", "e", "ERR", "s", "STRASS", "zz", "i", "CAFÉ").map((beginning) => `@${beginning}*`),
  words.map((text) => `search: ${text.replace(/[|&!(),\\]/g, "\\$&")}`),
  fc
    .tuple(
      oneOf("due", "start", "created", "completed", "updated"),
      oneOf("", " before", " after", " on"),
      oneOf(...DAYS, ...MORE_DAYS),
    )
    .map(([field, relation, day]) => `${field}${relation}: ${day}`),
);
const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    term,
    term.map((one) => `!${one}`),
    fc.tuple(tie("filter"), oneOf("|", "&", " & "), tie("filter")).map((parts) => parts.join("")),
    tie("filter").map((one) => `!(${one})`),
  ),
}));
const pieces = oneOf(
  ...["today", "to day", " ", "\t", "\u2003", "\ufeff", "\x1f", "|", "&", "!", "(", ")", ",", "\\", '"', "#", "@", "*"],
  ...["/", "+", "^", "~", "7 days", "10000 days", "due", ":", "before", "on", "2026-11-27", "2026-02-30", "+3 week"],
  ...["search:", "SEARCH :", "P1", "no  date", "#Home", "@e*", "🎈", "İ", "\u212aelvin", "é", "-12345 days", "monday"],
);
const soup = fc.oneof(
  fc.array(pieces, { maxLength: 12 }).map((some) => some.join("")),
  fc.array(pieces, { minLength: 100, maxLength: 300 }).map((some) => some.join("").slice(0, 1100)),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(filter, { minLength: 1, maxLength: 3 }).map((some) => some.join("&")),
);
const SORTS = ["position", "due", "start", "priority", "title", "created", "updated", "completed"];
const sort = fc.oneof(
  fc
    .tuple(fc.uniqueArray(oneOf(...SORTS), { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.boolean()))
    .map(([names, signs]) => names.map((name) => (signs.next().value ? `-${name}` : name)).join()),
  oneOf("due,due", "due,-due", "", "-", "--due", "name", "due,", "Due", "due, title"),
);

const peer = new Peer();
let world: World & { tasks: readonly Task[] };

beforeAll(async () => {
  const some = fc.sample(fc.tuple(task, extras), 80);
  await peer.batch([
    ...LISTS.map((name, at) => ({ op: "create", type: "list", list: { uid: `list ${at}`, name } })),
    ...some.map(([value, given], at) => creation(at, { ...value, ...placed(given, value, at) })),
    ...some.flatMap(([, { completed }], at) => (completed === null ? [] : [completion(at, completed)])),
    { op: "update", type: "list", id: { uid: `list ${LISTS.indexOf("Old")}` }, list: { archived: true } },
  ]);
  world = await peer.world();
});

function placed({ list, isSubtask, recurs }: Extras, { due }: { due?: object | undefined }, at: number): object {
  const parent = isSubtask && at % 3 ? { parent_id: { uid: `task ${at - 1}` } } : {};
  const inList = list !== null && !("parent_id" in parent) ? { list_id: { uid: `list ${list}` } } : {};
  return { ...parent, ...inList, ...(due && recurs && { recurrence: { rule: "FREQ=DAILY" } }) };
}

function creation(at: number, value: object): object {
  return { op: "create", task: { uid: `task ${at}`, ...value } };
}

function completion(at: number, minutesAgo: number): object {
  return { op: "complete", id: { uid: `task ${at}` }, completed_at: new Date(Date.now() - minutesAgo * 60_000) };
}

const ids = (tasks: readonly Task[]) => tasks.map((one) => one.id);

test(
  "A filter finds what the service finds, in the same order",
  async () => {
    const runs = { numRuns: rounds(100, 2000) };
    const holds = async (text: string, timeZone: string, order: string | undefined) => {
      const before = viewer({ now: new Date(), timeZone });
      const answer = await peer.tasks({
        filter: text,
        time_zone: timeZone,
        ...(order !== undefined && { sort: order }),
      });
      const ours = (at: Viewer) => {
        const filter = parseFilter(text);
        const inOrder = order === undefined ? newestFirst : sorter(order);
        return ids(world.tasks.filter(matcher(filter, at, world)).sort(inOrder));
      };
      const what = `${text} in ${timeZone} by ${order}`;
      if (isRefusal(answer)) expectRefused(() => ours(before), answer, what);
      else expectAt(before, ours, ids(answer), what);
    };
    await fc.assert(fc.asyncProperty(filter, oneOf(...ZONES), sometimes(sort), holds), runs);
  },
  TIMEOUT,
);

test(
  "A filter is read, or refused at the same columns",
  async () => {
    const holds = async (text: string) => {
      const answer = await peer.ask<{ filter: string } | Refusal>("POST", "filters/parse", { filter: text });
      if (isRefusal(answer)) expectRefused(() => parseFilter(text), answer, text);
      else expect(canonical(parseFilter(text)), text).toBe(answer.filter);
    };
    await fc.assert(fc.asyncProperty(soup, holds), { numRuns: rounds(200, 5000) });
  },
  TIMEOUT,
);

test(
  "A search finds what the service finds, the best first",
  async () => {
    const part = fc
      .tuple(words, fc.nat(3), fc.nat(8))
      .map(([text, from, size]) => [...text].slice(from, from + size).join(""));
    const holds = async (text: string) => {
      const answer = await peer.tasks({ search: text });
      if (isRefusal(answer)) expectRefused(() => search(text), answer, text);
      else expect(ids(searched(text, world.tasks)), text).toEqual(ids(answer));
    };
    const texts = fc.oneof(words, part, part, fc.string({ unit: "binary", maxLength: 5 }));
    await fc.assert(fc.asyncProperty(texts, holds), { numRuns: rounds(100, 2000) });
  },
  TIMEOUT,
);
