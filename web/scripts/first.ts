// Puts `src/first.js` into the page, with the names of the files that it has the browser load. It must run before the page, so
// it is no module.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin, Rolldown } from "vite";
import { LANGUAGES, PSEUDO } from "../src/i18n/languages.ts";

type Bundle = Readonly<Record<string, Rolldown.OutputAsset | Rolldown.OutputChunk>>;

const SOURCE = new URL("../src/first.js", import.meta.url);
/** The modules that a signed-in person's page begins with. */
const HOUSE = ["House.svelte", "rules/queries.ts"];

export function firstScript(): Plugin {
  const source = readFileSync(SOURCE, "utf8");
  const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
  const name = `assets/first-${hash}.js`;
  return {
    name: "first-script",
    configureServer: ({ middlewares }) => {
      middlewares.use(`/${name}`, (_, response) => response.setHeader("content-type", "text/javascript").end(source));
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) => {
        const early = Object.fromEntries([
          ...LANGUAGES.map((one) => [`data-${one}`, filesOf([`i18n/${one}.ts`], bundle)]),
          ["data-house", filesOf(HOUSE, bundle)],
        ]);
        const languages = [...LANGUAGES, PSEUDO].join(" ");
        const attrs = { src: `/${name}`, "data-languages": languages, ...early };
        return [{ tag: "script", attrs, injectTo: "head-prepend" }];
      },
    },
  };
}

/** The paths of the files that these modules need. Those of the start are in the page. */
function filesOf(modules: readonly string[], bundle: Bundle): string {
  const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
  const found = new Set(chunks.filter(({ facadeModuleId: id }) => modules.some((one) => id?.endsWith(`/${one}`))));
  const css = new Set<string>();
  for (const chunk of found) {
    chunk.viteMetadata?.importedCss.forEach((path) => css.add(path));
    for (const other of chunks) if (chunk.imports.includes(other.fileName) && !isStart(other)) found.add(other);
  }
  return [...[...found].map(({ fileName }) => fileName), ...css].map((path) => `/${path}`).join(" ");
}

function isStart({ name }: Rolldown.OutputChunk): boolean {
  return name === "start" || name === "index";
}
