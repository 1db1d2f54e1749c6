// Reads the text of a filter into a tree. The service's docs/filters.md has the grammar.

import { parseDay } from "../days.ts";
import { type Fault, FilterError } from "../errors.ts";
import { isBlank, length, SPACE, split, textFault, trim, trimStart } from "../text.ts";
import { type Reason, told, type Values } from "./reasons.ts";
import type { Flag, NamedDay, Node, Term } from "./tree.ts";
import { DATE_FIELDS, NEAR_DAYS, RELATIONS, UNITS, WEEKDAYS } from "./tree.ts";

export const LENGTH_MAX = 1000; // code points
export const PRIORITIES = { p1: "high", p2: "medium", p3: "low" } as const;
const TERMS_MAX = 100;
const LEVELS_MAX = 32; // of parentheses and `!`
const SHOWN_MAX = 40; // characters of a text in a message
const COUNT_MAX = 9999; // days, weeks or months
const FLAGS: readonly Flag[] = [
  ...(["overdue", "no date", "no time", "recurring", "subtask", "no labels", "no priority", "no list"] as const),
  ...(["complete", "incomplete", "all"] as const),
];
const FIXED: ReadonlyMap<string, Term> = new Map<string, Term>([
  ...FLAGS.map((what) => [what, { kind: "is", what }] as const),
  ...(["p1", "p2", "p3"] as const).map((term) => [term, { kind: "priority", level: PRIORITIES[term] }] as const),
  ...[...NEAR_DAYS.keys()].map((day) => [day, { kind: "on", field: "due", relation: "on", day }] as const),
]);
const NO_TERM: Term = { kind: "is", what: "all" }; // where a fault is
const SKIPPED = new RegExp(`[${SPACE}]*`, "y");
const RUN = /(?:[^|&!(),\\]|\\.)*/suy;
const BARE = new RegExp(`(?:[^${SPACE}|&!(),\\\\]|\\\\.)*`, "suy");
const QUOTED = /"((?:[^"\\]|\\.)*)"/suy;
const BEGINNING = /^((?:[^\\]|\\.)*)\*$/su;
const SEARCH = /^search[ \t-\r]*:(.*)$/is;
// These three are for text in lower case with single spaces.
const WITHIN = /^([0-9]+) days?$/;
const ON = /^(due|start|created|completed|updated)(?: (before|after|on))? ?: ?(.*)$/s;
const OFFSET = /^([+-][0-9]+) (day|week|month)s?$/;

/** A list (`#`) or label (`@`) that a filter names. `start` and `end` of the term are in code points. */
export interface Name {
  readonly mark: "#" | "@";
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Return the tree of a filter, and the names in it. Throws FilterError. */
export function parse(text: string): { tree: Node; names: Name[] } {
  const fault = textFault("filter", text);
  if (fault) throw new FilterError([fault]);
  if (length(text) > LENGTH_MAX) {
    const message = `Filter must be ${LENGTH_MAX} characters or less`;
    throw new FilterError([{ field: "filter", code: "too_long", message, column: LENGTH_MAX + 1 }]);
  }
  return new Parser(text).parse();
}

// Collects the faults of terms. A fault between terms ends the reading. Places in the text are in UTF-16.
class Parser {
  private readonly text: string;
  private readonly names: Name[] = [];
  private readonly faults: Fault[] = [];
  private at = 0;
  private terms = 0;
  private level = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(): { tree: Node; names: Name[] } {
    const tree = this.or();
    if (this.at < this.text.length) this.stopBetween();
    if (this.faults.length) throw new FilterError(this.faults);
    return { tree, names: this.names };
  }

  private or(): Node {
    return this.series("or", "|", () => this.series("and", "&", () => this.not()));
  }

  private series(kind: "and" | "or", operator: string, operand: () => Node): Node {
    const first = operand();
    const nodes = [first];
    while (this.next() === operator) {
      this.at++;
      nodes.push(operand());
    }
    if (nodes.length === 1) return first;
    return { kind, nodes: nodes.flatMap((one) => (one.kind === kind ? one.nodes : [one])) };
  }

  private not(): Node {
    const character = this.next();
    const start = this.at;
    if (character !== "!" && character !== "(") return this.term(character);
    this.at++;
    if (++this.level > LEVELS_MAX) this.stop(start, "too_many_levels", LEVELS_MAX);
    const node: Node = character === "!" ? { kind: "not", node: this.not() } : this.group(start);
    this.level--;
    return node;
  }

  private group(start: number): Node {
    const node = this.or();
    if (this.at === this.text.length) this.stop(start, "not_closed");
    if (this.next() !== ")") this.stopBetween();
    this.at++;
    return node;
  }

  // Read a term whose first character this is; "" at the end of the text.
  private term(first: string): Term {
    if (first === ",") this.stopBetween();
    if (!first || "|&)".includes(first)) {
      this.stop(this.at, trim(this.text) ? "no_term" : "empty");
    }
    if (++this.terms > TERMS_MAX) this.stop(this.at, "too_many_terms", TERMS_MAX);
    return first === "#" || first === "@" ? this.named(first) : this.words();
  }

  private named(mark: "#" | "@"): Term {
    const start = this.at++;
    const isQuoted = this.text.charAt(this.at) === '"';
    const raw = isQuoted ? this.quoted() : this.take(BARE);
    const beginning = mark === "@" && !isQuoted ? BEGINNING.exec(raw) : null;
    if (beginning) return { kind: "beginning", text: unescaped(beginning[1] ?? "") };
    const name = trim(unescaped(raw));
    if (isBlank(name)) return this.fault(start, "no_name", mark);
    this.names.push({ mark, name, start: this.columnOf(start) - 1, end: this.columnOf(this.at) - 1 });
    return { kind: mark === "#" ? "list" : "label", name };
  }

  private quoted(): string {
    QUOTED.lastIndex = this.at;
    const match = QUOTED.exec(this.text);
    if (!match) this.stop(this.at, "open_quote");
    this.at += match[0].length;
    return match[1] ?? "";
  }

  private words(): Term {
    const start = this.at;
    const raw = this.take(RUN);
    const sought = SEARCH.exec(raw)?.[1];
    if (sought !== undefined) return this.search(sought, start);
    const first = raw.charAt(0);
    if ("/+^~".includes(first)) return this.fault(start, "reserved", first);
    const words = split(raw.toLowerCase()).join(" ");
    const within = WITHIN.exec(words);
    const on = ON.exec(words);
    return (
      FIXED.get(words) ??
      (within && this.within(Number(within[1]), start)) ??
      (on && this.on(on, raw, start)) ??
      this.fault(start, "not_a_term", shown(words))
    );
  }

  private search(raw: string, start: number): Term {
    const words = split(unescaped(raw)).join(" ");
    return isBlank(words) ? this.fault(start, "no_words") : { kind: "search", words };
  }

  private within(days: number, start: number): Term {
    if (days >= 1 && days <= COUNT_MAX) return { kind: "within", days };
    return this.fault(start, "days_out_of_range", COUNT_MAX);
  }

  private on(match: RegExpExecArray, raw: string, start: number): Term {
    const after = raw.slice(raw.indexOf(":") + 1);
    const day = this.day(match[3] ?? "", start + raw.length - trimStart(after).length);
    const field = DATE_FIELDS.find((one) => one === match[1]);
    const relation = RELATIONS.find((one) => one === match[2]) ?? "on";
    return day === undefined || !field ? NO_TERM : { kind: "on", field, relation, day };
  }

  // The day that the words name; undefined, and a fault where they start, if they name none.
  private day(words: string, start: number): NamedDay | undefined {
    if (WEEKDAYS.includes(words) || NEAR_DAYS.has(words)) return words;
    const match = OFFSET.exec(words);
    const unit = match && UNITS.find((one) => one === `${match[2]}s`);
    if (unit) {
      const count = Number(match[1]) + 0; // It is 0 for -0.
      if (Math.abs(count) <= COUNT_MAX) return { count, unit };
      this.fault(start, "too_far", unit, COUNT_MAX);
    } else if (/^\d{4}-\d\d-\d\d$/.test(words)) {
      if (parseDay(words) !== undefined) return words;
      this.fault(start, "not_a_date", words);
    } else {
      if (words) this.fault(start, "not_a_day", shown(words));
      else this.fault(start, "no_day");
    }
    return undefined;
  }

  // Skip white space, and return the next character; "" at the end.
  private next(): string {
    this.take(SKIPPED);
    return this.text.charAt(this.at);
  }

  // Return what matches here. All patterns match at least nothing.
  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    if (this.text.slice(this.at) === "\\") this.stop(this.at, "no_character");
    return found;
  }

  private fault<R extends Reason>(at: number, reason: R, ...values: Values<R>): Term {
    this.faults.push(this.faultAt(at, reason, values));
    return NO_TERM;
  }

  private stop<R extends Reason>(at: number, reason: R, ...values: Values<R>): never {
    throw new FilterError([...this.faults, this.faultAt(at, reason, values)]);
  }

  private stopBetween(): never {
    const next = this.text.charAt(this.at);
    if (next === ",") this.stop(this.at, "comma");
    this.stop(this.at, next === ")" ? "not_opened" : "no_operator");
  }

  private faultAt(at: number, reason: Reason, values: readonly (string | number)[]): Fault {
    const fault = faultAt(this.columnOf(at), "invalid_filter", told(reason, values));
    return { ...fault, reason, values };
  }

  private columnOf(at: number): number {
    return length(this.text.slice(0, at)) + 1;
  }
}

export function faultAt(column: number, code: string, message: string): Fault {
  return { field: "filter", code, message: `Column ${column} of the filter: ${message}`, column };
}

function unescaped(raw: string): string {
  return raw.replace(/\\(.)/gsu, "$1");
}

function shown(words: string): string {
  const letters = [...words];
  return letters.length <= SHOWN_MAX ? `"${words}"` : `"${letters.slice(0, SHOWN_MAX - 1).join("")}…"`;
}
