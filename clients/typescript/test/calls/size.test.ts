import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import { expect, test } from "vitest";

test.each([
  ["calls", /It takes (\d+) KB, compressed/],
  ["store", /The store takes (\d+) KB, compressed/],
])("%s: it is as small as the README says", async (name, said) => {
  const entry = fileURLToPath(new URL(`../../src/${name}/index.ts`, import.meta.url));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    metafile: true,
    write: false,
  });
  const kilobytes = gzipSync(outputFiles[0]?.contents ?? "").length / 1000;
  const inBundle = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput ? [path] : [])),
  );
  expect(inBundle).toContain("src/calls/transport.ts");
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(said.exec(readme)?.[1]).toBe(String(Math.round(kilobytes)));
  // The store sends by path and body: it needs no typed calls.
  if (name === "store") expect(inBundle).not.toContain("src/calls/api.ts");
});
