// Ids that the client makes: UUIDs of version 7. Pages on plain http have no `crypto.randomUUID`, so none is needed.

let last = 0;
let count = 0;

/** Later ids of one tab sort after earlier ones, so that new objects stay in the order in which they were added. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const now = Math.max(Date.now(), last);
  count = now === last ? count + 1 : 0;
  last = count > 0xfff ? now + 1 : now;
  if (count > 0xfff) count = 0;
  const moment = last.toString(16).padStart(12, "0");
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [moment.slice(0, 8), moment.slice(8), `7${hex3(count)}`, random.slice(0, 4), random.slice(4)].join("-");
}

function hex3(number: number): string {
  return number.toString(16).padStart(3, "0");
}
