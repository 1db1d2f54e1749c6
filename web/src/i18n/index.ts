// The language of the page. A change of it loads the page again, so messages are plain values.

import { readSetting } from "../app/storage.ts";
import type { Messages } from "./en.ts";

/** `en-XR`, for tests: English, accented and from right to left. */
export const LANGUAGES = ["en", "de"] as const;

export type Language = (typeof LANGUAGES)[number] | "en-XR";

/** The messages. They are there before anything is shown. */
export let m: Messages;
export let language: Language = "en";
/** How the person writes dates and numbers: their region's way, in the language of the page. */
export let locale = "en";

export async function loadMessages(): Promise<void> {
  language = chosen();
  const own = navigator.languages.find((one) => one.split("-")[0] === language);
  locale = own ?? (language === "en-XR" ? "en" : language);
  if (language === "de") m = (await import("./de.ts")).de;
  else m = (await import("./en.ts")).en;
  if (language === "en-XR") m = (await import("./pseudo.ts")).pseudo(m);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "en-XR" ? "rtl" : "ltr";
}

function chosen(): Language {
  const all: readonly Language[] = [...LANGUAGES, "en-XR"];
  const wanted = [readSetting("language"), ...navigator.languages.map((one) => one.split("-")[0])];
  return wanted.map((one) => all.find((known) => known === one)).find((one) => one !== undefined) ?? "en";
}
