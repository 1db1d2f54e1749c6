// Builds the app into the Python package that serves it. `npm run dev` serves it for development, with DOABLE_URL behind it.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { chunkOf } from "./scripts/chunks.ts";
import { firstScript } from "./scripts/first.ts";
import { serviceWorker } from "./scripts/worker.ts";

const client = (path: string): string => new URL(`../clients/typescript/src/${path}.ts`, import.meta.url).pathname;

export default defineConfig({
  plugins: [svelte(), firstScript(), serviceWorker()],
  resolve: {
    alias: [
      { find: "doable-client/calls", replacement: client("calls/index") },
      { find: "doable-client/queries", replacement: client("rules/queries") },
      { find: "doable-client/rules", replacement: client("rules/index") },
      { find: "doable-client", replacement: client("store/index") },
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
