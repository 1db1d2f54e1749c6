import type { Viewer } from "../../src/rules/index.ts";

/** A viewer in Berlin on Friday, 27 November 2026, unless `some` settings say otherwise. */
export function viewer(some: Partial<Viewer> = {}): Viewer {
  return {
    now: new Date("2026-11-27T09:30:00Z"),
    timeZone: "Europe/Berlin",
    weekStart: "monday",
    dayStart: "09:00",
    dateOrder: "dmy",
    ...some,
  };
}

/** What `run` throws; undefined if nothing. */
export function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
