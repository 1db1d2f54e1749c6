// Loads modules of the web app in Node.js, as the build reads them: `const { load, close } = await open()`.

import { fileURLToPath } from "node:url";

const web = new URL("../../web/", import.meta.url);

export async function open() {
  const { createServer } = await import(new URL("node_modules/vite/dist/node/index.js", web).href);
  const server = await createServer({
    root: fileURLToPath(web),
    configFile: fileURLToPath(new URL("vite.config.ts", web)),
    logLevel: "error",
    server: { middlewareMode: true, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  return { load: (path) => server.ssrLoadModule(path), close: () => server.close() };
}
