// What a person does with lists, labels and saved filters: make, change, order, remove. Each is one change with one undo.

import type { Change, Collection, Filter, Item, Label, List, New, Patch } from "doable-client";
import { announce } from "../app/toast.svelte.ts";
import { tell } from "../app/actions.ts";
import { navigate, pathOf, router } from "../app/router.svelte.ts";
import { store } from "../app/store.svelte.ts";
import { m } from "../i18n/index.ts";

export type Kind = "list" | "label" | "filter";
export type Place = Item<List> | Item<Label> | Item<Filter>;

/** `place`: what is edited. Without it, a new one is made. */
export interface Editing {
  readonly kind: Kind;
  readonly place?: Place | undefined;
}

/** What all three kinds have. */
export interface Values {
  readonly name: string;
  readonly color: string | null;
  /** Of a filter only. */
  readonly filter?: string;
}

const VIEWS = { list: "lists", label: "labels", filter: "filters" } as const;

let editing = $state.raw<Editing>();

export const editor = {
  get open(): Editing | undefined {
    return editing;
  },
};

export function edit(kind: Kind, place?: Place): void {
  editing = { kind, place };
}

export function closeEditor(): void {
  editing = undefined;
}

export function placePath(kind: Kind, { uid }: { readonly uid: string }): string {
  return pathOf({ name: VIEWS[kind], key: uid });
}

/** Store what the editor has. A new place is opened. */
export function savePlace({ kind, place }: Editing, { name, color, filter = "" }: Values): void {
  if (place) {
    const changed = { name, color, ...(kind === "filter" && { filter }) };
    return tell(m.views.saved(name), all(kind).update(place.uid, changed));
  }
  const value = { name, ...(color && { color }) };
  const made = kind === "filter" ? store().filters.add({ ...value, filter }) : all(kind).add(value);
  tell(m.views.made(name), made);
  navigate(placePath(kind, made));
}

/** A list goes to the trash, with its tasks. */
export function removePlace(kind: Kind, place: Place): void {
  const isHere = pathOf(router.route.view) === placePath(kind, place);
  tell(m.views.removed[kind](place.name), all(kind).remove(place.uid));
  if (isHere) navigate(pathOf({ name: "inbox" }), { replace: true });
}

export function archive(list: Item<List>, archived: boolean): void {
  const said = archived ? m.views.archived(list.name) : m.views.unarchived(list.name);
  tell(said, store().lists.update(list.uid, { archived }));
}

/** Move a place among its kind, up or down by some steps. */
export function shift(kind: Kind, place: Place, steps: number, shown: readonly Place[]): void {
  const others = shown.filter(({ uid }) => uid !== place.uid);
  const to = shown.findIndex(({ uid }) => uid === place.uid) + steps;
  if (steps === 0 || to < 0 || to >= shown.length) return announce(m.views.atEnd);
  const [before, after] = [others[to], others[to - 1]];
  const where = steps > 0 && after ? { after: after.uid } : { before: before?.uid ?? "" };
  tell(m.views.ordered(place.name, to + 1, shown.length), all(kind).move(place.uid, where));
}

/** What the three kinds have in common, so that one program serves all of them. */
interface Common {
  add(value: New<List> & New<Label>): Change & { readonly uid: string };
  update(uid: string, patch: Patch<List> & Patch<Label> & Patch<Filter>): Change;
  remove(uid: string): Change;
  move(uid: string, to: { before: string } | { after: string }): Change;
}

function all(kind: Kind): Common {
  const { lists, labels, filters } = store();
  return ({ list: lists, label: labels, filter: filters } as const)[kind] as Collection<List> & Collection<Label>;
}
