// Reads texts as JSON, and writes for each the parts that chrono takes for dates. Their days come before their months.
import { readFileSync } from "node:fs";
import * as chrono from "chrono-node";

const [moment, ...texts] = JSON.parse(readFileSync(0, "utf8"));
const found = texts.map((text) => chrono.en.GB.parse(text, new Date(moment), { forwardDate: true }).map((date) => date.text));
console.log(JSON.stringify(found));
