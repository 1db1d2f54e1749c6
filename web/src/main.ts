// Starts the app: first the language, then the page, then what may come later.

import { mount } from "svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import App from "./App.svelte";
import { startKeyboard } from "./app/commands.svelte.ts";
import { startRouter } from "./app/router.svelte.ts";
import { loadMessages } from "./i18n/index.ts";

await loadMessages();
startRouter();
startKeyboard();
mount(App, { target: document.querySelector("#app") ?? document.body });
