// The service worker: it keeps the app on the device, so that it opens without a network. It never sees `/api`.
// A new one waits until the person says "Update", or until the last tab of the old one is closed.

/** What the build puts here: a hash of the whole app, the paths of its files, and the first segments of its views. */
declare const VERSION: string;
declare const FILES: readonly string[];
declare const VIEWS: readonly string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = "doable-app-";
const CACHE = PREFIX + VERSION;
/** The one page of the app, which each view gets. */
const PAGE = "/";

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", ({ data }) => data === "update" && void worker.skipWaiting());

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && VIEWS.includes(pathname.split("/")[1] ?? "")) {
    event.waitUntil(refresh());
    event.respondWith(kept(PAGE, request));
  } else if (FILES.includes(pathname)) {
    event.respondWith(kept(pathname, request));
  }
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});

async function install(): Promise<void> {
  const page = await fetchPage();
  if (!page) throw new Error("The server has the page of another build");
  const cache = await caches.open(CACHE);
  await cache.put(PAGE, page);
  // The names of assets have a hash of their content: what the browser has of them is right.
  await cache.addAll(
    FILES.map((path) => (path.startsWith("/assets/") ? path : new Request(path, { cache: "no-cache" }))),
  );
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** From the device; from the network if the browser has dropped it. */
async function kept(path: string, request: Request): Promise<Response> {
  return (await caches.match(path, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

/** Take over what the server has changed in the page: its settings are in it. */
async function refresh(): Promise<void> {
  const page = await fetchPage().catch(() => undefined);
  if (page) await (await caches.open(CACHE)).put(PAGE, page);
}

/** The page, if it is that of this build. `no-cache` asks the server whether the one that the browser has is right (ETag). */
async function fetchPage(): Promise<Response | undefined> {
  const page = await fetch(PAGE, { headers: { accept: "text/html" }, cache: "no-cache" });
  const assets = (await page.clone().text()).match(/\/assets\/[^"\s]+/g);
  return page.ok && assets?.every((path) => FILES.includes(path)) ? page : undefined;
}

/** Show the address of a notification in a tab of the app. */
async function show(path: unknown): Promise<void> {
  if (typeof path !== "string") return;
  const [tab] = await worker.clients.matchAll({ type: "window" });
  if (!tab) return void (await worker.clients.openWindow(path));
  tab.postMessage({ show: path });
  await tab.focus();
}
