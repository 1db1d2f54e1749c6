// What is shown of a drag. DragLayer shows it.

export interface Drag {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Where it would go, in pixels of the window. */
  readonly line: { readonly x: number; readonly y: number; readonly width: number } | undefined;
}

let shown = $state.raw<Drag>();

export const dragging = {
  get now(): Drag | undefined {
    return shown;
  },
  set now(drag: Drag | undefined) {
    shown = drag;
  },
};
