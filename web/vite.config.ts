// Builds the app into the Python package that serves it. `npm run dev` serves it for development, with DOABLE_URL behind it.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { chunkOf } from "./scripts/chunks.ts";
import { serviceWorker } from "./scripts/worker.ts";

const client = (part: string): string =>
  new URL(`../clients/typescript/src/${part}/index.ts`, import.meta.url).pathname;

/** The script that sets the theme before the first paint. It must run before the page, so it is no module. */
function themeScript(): Plugin {
  const source = readFileSync(new URL("./src/theme.js", import.meta.url), "utf8");
  const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
  const name = `assets/theme-${hash}.js`;
  return {
    name: "theme-script",
    configureServer: ({ middlewares }) => {
      middlewares.use(`/${name}`, (_, response) => response.setHeader("content-type", "text/javascript").end(source));
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source });
    },
    transformIndexHtml: () => [{ tag: "script", attrs: { src: `/${name}` }, injectTo: "head-prepend" }],
  };
}

export default defineConfig({
  plugins: [svelte(), themeScript(), serviceWorker()],
  resolve: {
    alias: [
      { find: "doable-client/calls", replacement: client("calls") },
      { find: "doable-client/rules", replacement: client("rules") },
      { find: "doable-client", replacement: client("store") },
    ],
  },
  build: {
    outDir: "../src/doable/web/app",
    emptyOutDir: true,
    target: ["chrome111", "firefox114", "safari16.4"],
    assetsInlineLimit: 0, // The Content-Security-Policy allows no data: URLs for scripts and styles.
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: chunkOf, debugName: "first page" }] } } },
  },
  // The service trusts the origin of the page, because it sees the Host that the browser sent.
  server: {
    host: "localhost",
    proxy: { "/api": { target: process.env["DOABLE_URL"] ?? "http://localhost:8000", changeOrigin: false } },
  },
});
