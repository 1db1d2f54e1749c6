// What the pointer does in a list: open, complete, select, open the menu; on touch also swipe, and hold to select.

import { toggle } from "../app/actions.ts";
import { pick } from "../app/pickers.svelte.ts";
import { openTask } from "../app/router.svelte.ts";
import { deselect, selected, selectTo, targets, toggleSelected } from "./lists.svelte.ts";
import { openMenu } from "./menu.svelte.ts";
import type { TaskRows } from "./rows.svelte.ts";
import { touch } from "./touch.ts";
import type { Row } from "./tree.ts";

/** For the element of a list. Returns what ends it. */
export function listen(element: HTMLElement, list: TaskRows): () => void {
  const ended = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    run: (event: HTMLElementEventMap[K], row: Row) => void,
  ): void =>
    element.addEventListener(
      type,
      (event) => {
        const row = rowOf(event.target, list);
        if (row) run(event, row);
      },
      { signal: ended.signal },
    );
  on("click", (event, row) => click(event, row, list));
  on("change", (_, { task }) => {
    const next = list.past(new Set([task.uid]));
    toggle(task);
    list.focus(next);
  });
  on("focusin", (_, { task }) => list.activate(task.uid));
  on("contextmenu", (event, row) => {
    event.preventDefault();
    if ((event as PointerEvent).pointerType === "touch") return;
    const byKey = event.clientX === 0 && event.clientY === 0;
    showMenu(row, list, byKey ? undefined : event);
  });
  on("pointerdown", (event, row) => {
    if (event.button !== 0 || !event.isPrimary || !(event.target instanceof Element)) return;
    const act = event.target.closest<HTMLElement>("[data-act]")?.dataset["act"];
    const isTouch = event.pointerType === "touch";
    if (act === "handle" || (!isTouch && !act && !event.target.closest("label"))) void startDrag(event, row, list);
    else if (isTouch && !act) touch(event, row, element);
  });
  return () => ended.abort();
}

function rowOf(target: EventTarget | null, list: TaskRows): Row | undefined {
  const uid = target instanceof Element ? target.closest<HTMLElement>("[data-uid]")?.dataset["uid"] : undefined;
  return list.rows.find(({ task }) => task.uid === uid);
}

function click(event: MouseEvent, row: Row, list: TaskRows): void {
  const { uid } = row.task;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("label")) return;
  const from = list.rows[list.activeIndex]?.task.uid;
  const act = target?.closest<HTMLElement>("[data-act]");
  event.preventDefault();
  if (act?.dataset["act"] === "handle") return;
  list.activate(uid);
  if (act?.dataset["act"] === "fold") return list.fold(uid, !row.isFolded);
  if (act?.dataset["act"] === "menu") return showMenu(row, list, undefined, act);
  if (act?.dataset["act"] === "date") return pick("date", [row.task], act);
  list.boxOf(uid)?.focus();
  const isTouch = (event as PointerEvent).pointerType === "touch";
  if (event.ctrlKey || event.metaKey || (isTouch && selected.size)) return toggleSelected(uid);
  if (event.shiftKey) return selectTo(uid, from);
  deselect();
  openTask(uid);
}

/** Dragging is a part of the app that comes when it is needed. */
async function startDrag(event: PointerEvent, row: Row, list: TaskRows): Promise<void> {
  const released = new AbortController();
  const { signal } = released;
  for (const type of ["pointerup", "pointercancel"] as const) {
    document.addEventListener(type, () => released.abort(), { signal });
  }
  const { follow } = await import("./drag.ts");
  if (!signal.aborted) follow(event, row, list);
}

/** The menu is about what is selected, if the row is. */
function showMenu(row: Row, list: TaskRows, at?: MouseEvent, anchor?: HTMLElement): void {
  if (!selected.has(row.task.uid)) deselect();
  list.activate(row.task.uid);
  const box = list.boxOf(row.task.uid);
  box?.focus();
  openMenu({ tasks: targets(), list, anchor: anchor ?? box ?? undefined, at: at && { x: at.clientX, y: at.clientY } });
}
