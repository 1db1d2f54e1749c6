// English with accents and brackets, from right to left: shows what is not translated, and what does not mirror.

import type { Messages } from "./en.ts";

const ACCENTED: Readonly<Record<string, string>> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É", O: "Ó" };

export function pseudo(messages: Messages): Messages {
  return accented(messages) as Messages;
}

function accented(value: unknown): unknown {
  if (typeof value === "string") return accent(value);
  if (typeof value === "function") return (...given: unknown[]) => accented(value(...given));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, accented(one)]));
}

function accent(text: string): string {
  return `[${text.replace(/[aeiouAEO]/g, (letter) => ACCENTED[letter] ?? letter)}]`;
}
