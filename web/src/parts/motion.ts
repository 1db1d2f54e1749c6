// How long things move: not at all for people who asked for less motion.

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export function milliseconds(duration: number): number {
  return reduced.matches ? 0 : duration;
}
