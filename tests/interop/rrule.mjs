// Reads [rule, anchor, last] from each line, and writes the days that rrule.js finds.
import { createInterface } from "node:readline";
import rrule from "rrule";

const utc = (day) => new Date(`${day}T00:00:00Z`);

for await (const line of createInterface({ input: process.stdin })) {
  const [rule, anchor, last] = JSON.parse(line);
  const expanded = new rrule.RRule({ ...rrule.RRule.parseString(rule), dtstart: utc(anchor) });
  const days = expanded.between(utc(anchor), utc(last), true).map((day) => day.toISOString().slice(0, 10));
  console.log(JSON.stringify([...new Set(days)].sort())); // BYSETPOS=-1,1 has the last day first, or a day twice
}
