// Where a floating panel is: below what it belongs to, else above it, and always whole on the screen.

const GAP = 4;
const EDGE = 8;
const sheet = matchMedia("(max-width: 599px)");

/** Keeps it there while its size changes. Returns what ends that. */
export function beside(panel: HTMLElement, anchor: HTMLElement | undefined): () => void {
  const place = (): void => {
    const spot = sheet.matches ? "none" : spotOf(panel.getBoundingClientRect(), anchor?.getBoundingClientRect());
    panel.style.setProperty("translate", spot);
  };
  const watch = new ResizeObserver(place);
  watch.observe(panel);
  addEventListener("resize", place);
  return () => {
    watch.disconnect();
    removeEventListener("resize", place);
  };
}

function spotOf({ width, height }: DOMRect, anchor: DOMRect | undefined): string {
  if (!anchor || !(anchor.width || anchor.height))
    return `${(innerWidth - width) / 2}px ${(innerHeight - height) / 3}px`;
  const isRightToLeft = document.documentElement.dir === "rtl";
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - height;
  const x = within(isRightToLeft ? anchor.right - width : anchor.left, innerWidth - width);
  const y = below + height + EDGE <= innerHeight || above < EDGE ? below : above;
  return `${x}px ${within(y, innerHeight - height)}px`;
}

function within(at: number, most: number): number {
  return Math.max(EDGE, Math.min(at, most - EDGE));
}
