// Builds the service worker: `/sw.js`, with the paths of all files and a hash of the whole app in it.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { minify, type Plugin, transformWithOxc } from "vite";
import { KEYED, PLAIN } from "../src/app/paths.ts";

const SOURCE = new URL("../worker/sw.ts", import.meta.url);
const PUBLIC = new URL("../public/", import.meta.url);

export function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    // The page is in the bundle only after all other plugins.
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const hash = createHash("sha256");
        const files: string[] = [];
        const add = (name: string, content: string | Uint8Array): void => {
          hash.update(name).update(content);
          if (name !== "index.html") files.push(`/${name}`);
        };
        for (const [name, file] of Object.entries(bundle)) add(name, file.type === "chunk" ? file.code : file.source);
        for (const name of publicFiles()) add(name, readFileSync(new URL(name, PUBLIC)));
        const source = readFileSync(SOURCE, "utf8");
        hash.update(source);
        const baked = {
          VERSION: hash.digest("base64url").slice(0, 12),
          FILES: files.sort(),
          VIEWS: ["", "search", ...PLAIN, ...KEYED],
        };
        const constants = Object.entries(baked).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
        const { code } = await transformWithOxc(source.replaceAll(/^declare const [A-Z].*$/gm, ""), "sw.ts");
        const small = await minify("sw.js", `${constants.join("\n")}\n${code}`);
        this.emitFile({ type: "asset", fileName: "sw.js", source: small.code });
      },
    },
  };
}

function publicFiles(): string[] {
  return readdirSync(PUBLIC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(PUBLIC.pathname.length).replace(/^\//, ""))
    .sort();
}
