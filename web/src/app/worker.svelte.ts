// The service worker from the page's side: it is started after the first paint, and a new one waits for the person.
// Where there is none (plain http, private windows of Firefox), the app works as long as the network does.

import { navigate } from "./router.svelte.ts";

const HOUR = 3_600_000;
const SCRIPT = "/sw.js";

let waiting = $state.raw<ServiceWorker>();
let isOutdated = $state(false);
let isUpdating = false;

export const updates = {
  /** Whether a new version is on the device, and waits. */
  get isReady(): boolean {
    return waiting !== undefined;
  },
  /** Whether this page is of an old version whose files are gone. */
  get isOutdated(): boolean {
    return isOutdated;
  },
};

/** Change to the new version: this page loads again, and other tabs say that they are old. */
export function update(): void {
  isUpdating = true;
  waiting?.postMessage("update");
}

export function startUpdates(): void {
  addEventListener("vite:preloadError", () => void compare().catch(() => undefined));
  const { serviceWorker } = navigator;
  if (!serviceWorker || !import.meta.env.PROD) return;
  let hadWorker = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (isUpdating) location.reload();
    else if (hadWorker) isOutdated = true;
    hadWorker = true;
  });
  serviceWorker.addEventListener("message", ({ data }) => {
    if (typeof data?.show === "string") navigate(data.show);
  });
  if (document.readyState === "complete") void start(serviceWorker);
  else addEventListener("load", () => void start(serviceWorker), { once: true });
}

/** A file of the app could not be loaded. Perhaps the server has a newer app, without this file. */
async function compare(): Promise<void> {
  const entry = document.querySelector<HTMLScriptElement>("script[type=module]")?.src;
  const page = await fetch("/", { headers: { accept: "text/html" }, cache: "no-cache" });
  if (page.ok && entry) isOutdated = !(await page.text()).includes(new URL(entry).pathname);
}

async function start(container: ServiceWorkerContainer): Promise<void> {
  try {
    const registration = await container.register(trusted(SCRIPT));
    watch(registration);
    let looked = Date.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || Date.now() - looked < HOUR) return;
      looked = Date.now();
      registration.update().catch(() => undefined); // Without a network, the next time is soon enough.
    });
  } catch {
    // The browser or its person refuses service workers.
  }
}

function watch(registration: ServiceWorkerRegistration): void {
  const look = (): void => void (waiting = (registration.active && registration.waiting) ?? undefined);
  look();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
}

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

/** The Content-Security-Policy allows scripts only from the policy "doable", and this knows the only one. */
function trusted(url: typeof SCRIPT): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, policy: ScriptPolicy): ScriptPolicy };
  };
  return trustedTypes?.createPolicy("doable", { createScriptURL: (one) => one }).createScriptURL(url) ?? url;
}
