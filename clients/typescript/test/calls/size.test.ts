import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import { expect, test } from "vitest";

test("The calls are as small as the README says", async () => {
  const entry = fileURLToPath(new URL("../../src/calls/index.ts", import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, minify: true, format: "esm", write: false });
  const kilobytes = gzipSync(bundle.outputFiles[0]?.contents ?? "").length / 1000;
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(`It takes ${Math.round(kilobytes)} KB, compressed.`).toBe(/It takes .* compressed\./.exec(readme)?.[0]);
});
