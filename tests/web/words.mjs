// Reads recurrence rules from standard input, and writes what the app says of them: `node words.mjs de < rules.json`.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const web = new URL("../../web/", import.meta.url);
const { createServer } = await import(new URL("node_modules/vite/dist/node/index.js", web).href);
const server = await createServer({
  root: fileURLToPath(web),
  configFile: fileURLToPath(new URL("vite.config.ts", web)),
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
});
const languages = [process.argv[2]];
Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
globalThis.document = { documentElement: {} };
const i18n = await server.ssrLoadModule("/src/i18n/index.ts");
const { readRule, writeRule } = await server.ssrLoadModule("/src/app/rule.ts");
await i18n.loadMessages();
const rules = JSON.parse(readFileSync(0, "utf8"));
const said = rules.map(([rule, basis]) => [i18n.m.recurrence.words(readRule(rule), basis), writeRule(readRule(rule))]);
console.log(JSON.stringify(said));
await server.close();
