// Writes a tree as the text of a filter: the opposite of the parser.

import { SPACE } from "../text.ts";
import { PRIORITIES } from "./parser.ts";
import type { NamedDay, Node, Term } from "./tree.ts";
import { NEAR_DAYS } from "./tree.ts";

const PLAIN = new RegExp(`^[^${SPACE}|&!(),\\\\"]+$`); // a name that needs no quotation marks
const ENDS_NAME = new RegExp(`[${SPACE}|&!(),\\\\"]`, "g");
const ENDS_WORDS = /[|&!(),\\]/g;
const ENDS_QUOTED = /[\\"]/g;

export function write(node: Node): string {
  switch (node.kind) {
    case "or":
      return node.nodes.map(write).join(" | ");
    case "and":
      return node.nodes.map((one) => (one.kind === "or" ? `(${write(one)})` : write(one))).join(" & ");
    case "not":
      return node.node.kind === "and" || node.node.kind === "or" ? `!(${write(node.node)})` : `!${write(node.node)}`;
    default:
      return term(node);
  }
}

function term(one: Term): string {
  switch (one.kind) {
    case "is":
      return one.what;
    case "priority":
      return Object.entries(PRIORITIES).find(([, level]) => level === one.level)?.[0] ?? "";
    case "within":
      return counted(String(one.days), one.days, "days");
    case "on":
      return on(one);
    case "list":
      return name("#", one.name);
    case "label":
      return name("@", one.name);
    case "beginning":
      return `@${one.text.replace(ENDS_NAME, "\\$&")}*`;
    case "search":
      return `search: ${one.words.replace(ENDS_WORDS, "\\$&")}`;
  }
}

function on({ field, relation, day }: Term & { kind: "on" }): string {
  if (field === "due" && relation === "on" && typeof day === "string" && NEAR_DAYS.has(day)) return day;
  return `${field}${relation === "on" ? "" : ` ${relation}`}: ${written(day)}`;
}

function written(day: NamedDay): string {
  return typeof day === "string" ? day : counted(`${day.count < 0 ? "" : "+"}${day.count}`, day.count, day.unit);
}

function counted(text: string, count: number, unit: string): string {
  return `${text} ${Math.abs(count) === 1 ? unit.slice(0, -1) : unit}`;
}

function name(mark: "#" | "@", text: string): string {
  if (PLAIN.test(text) && !(mark === "@" && text.endsWith("*"))) return mark + text;
  return `${mark}"${text.replace(ENDS_QUOTED, "\\$&")}"`;
}
