// Ids that the client makes: UUIDs of version 7. Pages on plain http have no `crypto.randomUUID`, so none is needed.

const COUNTS = 0x100;
let last = 0;

/** Later ids of one tab sort after earlier ones, so new objects stay in the order in which they were added. */
export function uuid(): string {
  // A number that grows: the milliseconds, and a count within each.
  last = Math.max(last + 1, Date.now() * COUNTS);
  const moment = hex(Math.floor(last / COUNTS), 12);
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const random = Array.from(bytes, (byte, at) => hex(at ? byte : (byte & 0x3f) | 0x80, 2)).join("");
  return [moment.slice(0, 8), moment.slice(8), `70${hex(last % COUNTS, 2)}`, random.slice(0, 4), random.slice(4)].join(
    "-",
  );
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
