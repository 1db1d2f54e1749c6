// Reads recurrence rules from standard input, and writes what the app says of them: `node words.mjs de < rules.json`.

import { readFileSync } from "node:fs";
import { open } from "./sources.mjs";

const { load, close } = await open();
const languages = [process.argv[2]];
Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
globalThis.document = { documentElement: { lang: languages[0].split("-")[0] } }; // as `first.js` has set it
const i18n = await load("/src/i18n/index.ts");
const { readRule, writeRule } = await load("/src/app/rule.ts");
await i18n.loadMessages();
const rules = JSON.parse(readFileSync(0, "utf8"));
const said = rules.map(([rule, basis]) => [i18n.m.recurrence.words(readRule(rule), basis), writeRule(readRule(rule))]);
console.log(JSON.stringify(said));
await close();
