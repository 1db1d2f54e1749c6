// Writes `.br` and `.gz` beside each built file that they make smaller. `npm run build` runs it after Vite.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const FOLDER = new URL("../../src/doable/web/app/", import.meta.url).pathname;
// Pictures and fonts are compressed already. The server fills the page, and compresses it then.
const COMPRESSIBLE = new Set([".css", ".ico", ".js", ".json", ".map", ".svg", ".txt", ".webmanifest"]);

for (const entry of await readdir(FOLDER, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !COMPRESSIBLE.has(extname(entry.name))) continue;
  const path = join(entry.parentPath, entry.name);
  const content = await readFile(path);
  const forms = {
    br: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    gz: gzipSync(content, { level: constants.Z_BEST_COMPRESSION }),
  };
  for (const [suffix, form] of Object.entries(forms)) {
    if (form.length < content.length) await writeFile(`${path}.${suffix}`, form);
  }
}
