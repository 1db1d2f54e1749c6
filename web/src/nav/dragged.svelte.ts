// Ordering the entries of a short list with the mouse or a pen. A finger scrolls; it uses the menus.

const SLOP = 6; // pixels before a press is a drag

interface Drag {
  readonly uid: string;
  readonly startY: number;
  readonly rows: readonly HTMLElement[];
}

export class Dragged {
  #drag: Drag | undefined;
  #target = $state.raw<{ readonly from: number; readonly to: number; readonly rows: readonly string[] }>();
  readonly #order: (uid: string, steps: number) => void;

  /** `order` gets how many places an entry was moved down, or up if negative. */
  constructor(order: (uid: string, steps: number) => void) {
    this.#order = order;
  }

  /** The class of an entry while one is dragged. */
  markOf(uid: string): string | undefined {
    const target = this.#target;
    if (!target) return undefined;
    const at = target.rows.indexOf(uid);
    if (at === target.from) return "lifted";
    if (at !== target.to) return undefined;
    return target.to > target.from ? "after" : "before";
  }

  /** Attach it to the list. Its entries have a `data-uid`. */
  readonly listen = (list: HTMLElement): (() => void) => {
    const stop = new AbortController();
    const { signal } = stop;
    list.addEventListener("pointerdown", (event) => this.#press(event, list), { signal });
    addEventListener("pointermove", (event) => this.#move(event), { signal });
    addEventListener("pointerup", () => this.#drop(), { signal });
    addEventListener("pointercancel", () => this.#end(), { signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.#end(), { signal });
    return () => stop.abort();
  };

  #press({ target, button, clientY, pointerType }: PointerEvent, list: HTMLElement): void {
    const link = target instanceof Element ? target.closest("a") : null;
    const uid = link?.closest<HTMLElement>("[data-uid]")?.dataset["uid"];
    if (button !== 0 || pointerType === "touch" || uid === undefined) return;
    this.#drag = { uid, startY: clientY, rows: [...list.querySelectorAll<HTMLElement>("[data-uid]")] };
  }

  #move({ clientY }: PointerEvent): void {
    const drag = this.#drag;
    if (!drag || (!this.#target && Math.abs(clientY - drag.startY) < SLOP)) return;
    const rows = drag.rows.map((row) => row.dataset["uid"] ?? "");
    const over = drag.rows.findLastIndex((row) => row.getBoundingClientRect().top <= clientY);
    this.#target = { from: rows.indexOf(drag.uid), to: Math.max(over, 0), rows };
  }

  #drop(): void {
    const [drag, target] = [this.#drag, this.#target];
    this.#end();
    if (!drag || !target) return;
    // The click that follows a drag is not meant for the link.
    const ignore = (event: Event): void => event.preventDefault();
    addEventListener("click", ignore, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", ignore, { capture: true }));
    if (target.to !== target.from) this.#order(drag.uid, target.to - target.from);
  }

  #end(): void {
    this.#drag = undefined;
    this.#target = undefined;
  }
}
