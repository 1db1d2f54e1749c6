// Makes tasks of sentences: each act is one change with one undo.

import type { New, Task } from "doable-client";
import { tell } from "../app/actions.ts";
import { dueName } from "../app/days.ts";
import { readRule } from "../app/rule.ts";
import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";
import { faultOf, type Range, understand, type Understood } from "./sentence.ts";

/** What the view gives to its new tasks, where the sentence says nothing else. */
export type Preset = Partial<New<Task>>;

export const LINES_MAX = 500; // The service takes as many operations in one batch.
const TITLE_MAX = 255;

export function addTask(text: string, plain: readonly Range[], preset: Preset): void {
  const { value } = understand(text, plain);
  const list = value.list_id == null ? undefined : store().lists.get(value.list_id).get();
  tell(list ? m.adding.addedTo(list.name) : m.did.added, store().tasks.add(withPreset(value, preset)));
}

/** Each line is a task. A line that is too long for a title keeps all of its words in the description. */
export function addLines(lines: readonly string[], preset: Preset): void {
  const values = lines.map((line) => withPreset(valueOf(line), preset));
  const said = m.adding.addedMany(values.length);
  tell(
    said,
    store().transact(said, () => values.forEach((value) => store().tasks.add(value))),
  );
}

/** The lines of a text that are tasks, without the signs of a list before them. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replace(/^\s*(?:[-*•–]|\d{1,3}[.)]|\[[ xX]?\]|☐)(?:\s*\[[ xX]?\])?\s+/, "").trim())
    .filter(Boolean);
}

/** What was understood, in few words: “Tuesday · Every month on the 1st · #Home · Priority 1”. Empty if nothing was. */
export function summaryOf({ value }: Understood): string {
  const { rule, basis } = value.recurrence ?? {};
  const list = value.list_id == null ? undefined : store().lists.get(value.list_id).get();
  const parts = [
    value.due && dueName(value.due),
    rule && m.recurrence.words(readRule(rule), basis),
    list && `#${list.name}`,
    ...(value.labels ?? []).map((name) => `@${name}`),
    value.priority && m.priority[value.priority],
  ];
  return parts.filter(Boolean).join(" · ");
}

function withPreset(value: New<Task>, { parent_id, ...preset }: Preset): New<Task> {
  const labels = [...new Set([...(preset.labels ?? []), ...(value.labels ?? [])])];
  const parent = parent_id == null || value.list_id != null ? {} : { parent_id };
  return { ...preset, ...parent, ...value, ...(labels.length && { labels }) };
}

function valueOf(line: string): New<Task> {
  try {
    return understand(line).value;
  } catch (error) {
    if (faultOf(error) !== "too_long") throw error;
    return { title: [...line].slice(0, TITLE_MAX).join("").trim(), description: line };
  }
}
