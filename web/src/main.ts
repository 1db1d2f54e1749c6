// Starts the app: first the language, then the page, then what may come later.

import { mount } from "svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import App from "./App.svelte";
import { followAppearance } from "./app/appearance.ts";
import { startKeyboard } from "./app/commands.svelte.ts";
import { startRouter } from "./app/router.svelte.ts";
import { session } from "./app/session.svelte.ts";
import { openStore } from "./app/store.svelte.ts";
import { startUpdates } from "./app/worker.svelte.ts";
import { loadMessages } from "./i18n/index.ts";

startUpdates();
if (session.person) {
  // What shows the tasks is loaded and the copy is read while the messages are.
  void Promise.resolve(import("./House.svelte")).catch(() => undefined);
  openStore(session.person);
}
try {
  await loadMessages();
  startRouter();
  startKeyboard();
  followAppearance();
  mount(App, { target: document.querySelector("#app") ?? document.body });
} catch (error) {
  document.querySelector("#failed")?.removeAttribute("hidden"); // Never a blank page.
  throw error;
}
