// Prints the messages of both languages, by name. What a message is made of has the value 2.
// Arguments: the folder web, and an empty folder to write to.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [web, out] = process.argv.slice(2);
const { transpileModule } = createRequire(join(web, "package.json"))("typescript");
const folder = join(web, "src");

for (const name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith(".ts") || name.endsWith(".svelte.ts")) continue;
  const options = { target: "ES2022", module: "ESNext", verbatimModuleSyntax: true };
  const { outputText } = transpileModule(readFileSync(join(folder, name), "utf8"), { compilerOptions: options });
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name.replace(/ts$/, "mjs")), outputText.replace(/(from ".*?)\.ts"/g, '$1.mjs"'));
}

// A message that is made of an object is not among them.
function* messages(value, path) {
  if (typeof value === "function") yield* messages(call(value), path);
  else if (typeof value === "string") yield [path, value];
  else for (const [name, inner] of Object.entries(value)) yield* messages(inner, path ? `${path}.${name}` : name);
}

function call(message) {
  try {
    return message(...Array(message.length).fill("2")) ?? {};
  } catch {
    return {};
  }
}

const all = {};
for (const language of ["en", "de"]) {
  const module = await import(pathToFileURL(join(out, "i18n", `${language}.mjs`)).href);
  all[language] = Object.fromEntries(messages(module[language], ""));
}
console.log(JSON.stringify(all));
