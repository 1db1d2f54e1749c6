// The language of the page. A change of it loads the page again, so messages are plain values.

import type { Messages } from "./en.ts";
import { type Language, PSEUDO } from "./languages.ts";

/** The messages. They are there before anything is shown. */
export let m: Messages;
export let language: Language = "en";
/** How the person writes dates and numbers: their region's way, in the language of the page. */
export let locale = "en";

export async function loadMessages(): Promise<void> {
  language = document.documentElement.lang as Language; // `first.js` has chosen it.
  const own = navigator.languages.find((one) => one.split("-")[0] === language);
  locale = own ?? (language === PSEUDO ? "en" : language);
  if (language === "de") m = (await import("./de.ts")).de;
  else m = (await import("./en.ts")).en;
  if (language === PSEUDO) m = (await import("./pseudo.ts")).pseudo(m);
}
