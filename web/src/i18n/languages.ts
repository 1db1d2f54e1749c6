// The languages of the page.

export const LANGUAGES = ["en", "de"] as const;

/** For tests: English, accented and from right to left. */
export const PSEUDO = "en-XR";

export type Language = (typeof LANGUAGES)[number] | typeof PSEUDO;
