import { length } from "../text.ts";
import { LENGTH_MAX, type Name, parse } from "./parser.ts";
import { type Node, terms } from "./tree.ts";
import { write } from "./writer.ts";

/** A filter that was read. `names` has a list or label once for each place that names it. */
export interface Filter {
  readonly text: string;
  readonly tree: Node;
  readonly names: readonly Name[];
  /** Whether the filter has a term about completion. Without one, it means incomplete tasks. */
  readonly decidesStatus: boolean;
  /** What of the viewer's moment the answer depends on: nothing, their day, or the time of day. */
  readonly clock: "none" | "day" | "time";
}

/** Read the text of a filter. Throws FilterError, with the column of each fault. */
export function parseFilter(text: string): Filter {
  const { tree, names } = parse(text);
  const every = terms(tree);
  const decidesStatus = every.some(
    (term) =>
      (term.kind === "is" && /^(complete|incomplete|all)$/.test(term.what)) ||
      (term.kind === "on" && term.field === "completed"),
  );
  const isTimed = every.some((term) => term.kind === "is" && term.what === "overdue");
  const isDated = every.some((term) => term.kind === "on" || term.kind === "within");
  return { text, tree, names, decidesStatus, clock: isTimed ? "time" : isDated ? "day" : "none" };
}

/** The filter as the service writes it. Where this is too long for a filter: the text as it is. */
export function canonical(filter: Filter): string {
  const text = write(filter.tree);
  return length(text) <= LENGTH_MAX ? text : filter.text;
}
