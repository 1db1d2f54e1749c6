// Takes the place of the app's service worker where DOABLE_WEB=off: removes itself and the stored app. What a tab has not
// sent yet is in IndexedDB, and stays there.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
  const tabs = await self.clients.matchAll({ type: "window" });
  await Promise.allSettled(tabs.map((tab) => tab.navigate(tab.url)));
}
