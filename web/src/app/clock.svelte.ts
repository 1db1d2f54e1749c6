// The present day, also of a page that stays open past midnight, of a device that slept, and of a person who moved.

import { dayIn, timeZone } from "./days.ts";

const MINUTE = 60_000;

let now = $state.raw(new Date());
const day = $derived(dayIn(now, timeZone()));

export const clock = {
  /** At most a minute ago. */
  get now(): Date {
    return now;
  },
  get today(): string {
    return day;
  },
};

function tick(): void {
  now = new Date();
}

function wait(): void {
  setTimeout(() => (tick(), wait()), MINUTE - (Date.now() % MINUTE));
}

wait();
document.addEventListener("visibilitychange", tick);
