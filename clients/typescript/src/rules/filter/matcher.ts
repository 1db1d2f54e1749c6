// Decides which tasks a filter finds, as the service does.

import { type Day, dayText, LAST } from "../days.ts";
import { FilterError } from "../errors.ts";
import { finder } from "../search.ts";
import { folded } from "../text.ts";
import type { Ref, Task, Viewer, World } from "../wire.ts";
import { type Instant, instant, instantOf, today, wallOf } from "../zones.ts";
import type { Filter } from "./filter.ts";
import { faultAt, type Name } from "./parser.ts";
import type { DateField, Flag, Node, Term } from "./tree.ts";
import { moved, resolve } from "./tree.ts";

type Test = (task: Task) => boolean;
/** From a day up to another, without that; null where there is no end. */
type Range = readonly [Day | null, Day | null];

/**
 * Whether the filter finds a task, in a request with nothing but the filter. Throws FilterError, with columns, if a
 * list or label does not exist.
 */
export function matcher(filter: Filter, viewer: Viewer, world: World): Test {
  const compiler = new Compiler(viewer, world);
  const unknown = filter.names.filter((name) => !compiler.knows(name));
  if (unknown.length) throw new FilterError(unknown.map(notFound));
  const test = compiler.test(filter.tree);
  const hidden = compiler.hidden(filter.names);
  return (task) =>
    (filter.decidesStatus || task.status !== "complete") &&
    (task.list_id === undefined || !hidden.has(task.list_id)) &&
    test(task);
}

function notFound({ mark, name, start }: Name) {
  const what = mark === "#" ? "list" : "label";
  return faultAt(start + 1, `${what}_not_found`, `no ${what} "${name}"`);
}

const FLAGS: Readonly<Record<Exclude<Flag, "overdue">, Test>> = {
  "no date": (task) => !task.due,
  "no time": (task) => task.due !== undefined && task.due.time === undefined,
  recurring: (task) => task.recurrence !== undefined,
  subtask: (task) => task.parent_id !== undefined,
  "no labels": (task) => !task.labels?.length,
  "no priority": (task) => task.priority === undefined,
  "no list": (task) => task.list_id === undefined,
  complete: (task) => task.status === "complete",
  incomplete: (task) => task.status !== "complete",
  all: () => true,
};

class Compiler {
  private readonly viewer: Viewer;
  private readonly world: World;
  private readonly today: Day;
  private readonly lists = new Map<string, Ref[]>();
  private readonly labels: ReadonlySet<string>;
  private readonly keys = new Map<string, string>(); // of labels

  constructor(viewer: Viewer, world: World) {
    this.viewer = viewer;
    this.world = world;
    this.today = today(viewer);
    this.labels = new Set(world.labels.map((label) => folded(label.name)));
    for (const { name, id, uid } of world.lists) {
      const refs = [id, uid].filter((ref) => ref !== undefined);
      this.lists.set(folded(name), [...(this.lists.get(folded(name)) ?? []), ...refs]);
    }
  }

  knows({ mark, name }: Name): boolean {
    return (mark === "#" ? this.lists : this.labels).has(folded(name));
  }

  // The archived lists that the filter does not name.
  hidden(names: readonly Name[]): ReadonlySet<Ref> {
    const named = new Set(names.filter((one) => one.mark === "#").map((one) => folded(one.name)));
    const lists = this.world.lists.filter((list) => list.archived && !named.has(folded(list.name)));
    return new Set(lists.flatMap(({ id, uid }) => [id, uid]).filter((ref) => ref !== undefined));
  }

  test(node: Node): Test {
    switch (node.kind) {
      case "and":
      case "or":
        return joined(
          node.kind,
          node.nodes.map((one) => this.test(one)),
        );
      case "not": {
        const test = this.test(node.node);
        return (task) => !test(task);
      }
      default:
        return this.term(node);
    }
  }

  private term(term: Term): Test {
    switch (term.kind) {
      case "is":
        return term.what === "overdue" ? this.overdue() : FLAGS[term.what];
      case "priority":
        return (task) => task.priority === term.level;
      case "within":
        return this.dated("due", [this.today, moved(this.today, term.days)]);
      case "on":
        return this.dated(term.field, this.range(term));
      case "list":
        return this.inList(folded(term.name));
      case "label":
        return this.labelled((key) => key === folded(term.name));
      case "beginning":
        return this.labelled((key) => key.startsWith(folded(term.text)));
      case "search":
        return finder(term.words, this.world.tasks ?? []);
    }
  }

  private inList(key: string): Test {
    const refs = new Set(this.lists.get(key));
    return (task) => task.list_id !== undefined && refs.has(task.list_id);
  }

  private labelled(has: (key: string) => boolean): Test {
    return (task) => task.labels?.some((label) => has(this.key(label))) ?? false;
  }

  private key(label: string): string {
    let key = this.keys.get(label);
    if (key === undefined) this.keys.set(label, (key = folded(label)));
    return key;
  }

  private range({ relation, day: named }: Term & { kind: "on" }): Range {
    const day = resolve(named, this.today);
    if (relation === "before") return [null, day];
    if (relation === "on") return [day, moved(day, 1)];
    return day < LAST ? [day + 1, null] : [day, day];
  }

  private dated(field: DateField, range: Range): Test {
    const [first, end] = range.map((day) => (day === null ? null : instant(wallOf(day), this.viewer.timeZone)));
    const isInstant = within(first ?? null, end ?? null);
    if (field !== "due" && field !== "start") {
      return (task) => {
        const text = task[`${field}_at`];
        return text !== undefined && isInstant(Date.parse(text));
      };
    }
    const [firstDate, endDate] = range.map((day) => (day === null ? null : dayText(day)));
    const isDate = within(firstDate ?? null, endDate ?? null);
    return (task) => {
      const due = task[field];
      if (!due) return false;
      const at = instantOf(due);
      return at === undefined ? isDate(due.date) : isInstant(at);
    };
  }

  private overdue(): Test {
    const [now, today] = [this.viewer.now.getTime(), dayText(this.today)];
    return ({ due }) => {
      if (!due) return false;
      const at = instantOf(due);
      if (at !== undefined) return at < now;
      return due.date < today || (due.date === today && due.time !== undefined && this.timeToday(due.time) < now);
    };
  }

  private timeToday(time: string): Instant {
    return instant(wallOf(this.today, time), this.viewer.timeZone);
  }
}

function joined(kind: "and" | "or", tests: readonly Test[]): Test {
  return kind === "and" ? (task) => tests.every((test) => test(task)) : (task) => tests.some((test) => test(task));
}

function within<T extends string | number>(first: T | null, end: T | null): (value: T) => boolean {
  return (value) => (first === null || value >= first) && (end === null || value < end);
}
