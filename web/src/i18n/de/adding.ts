// Aufgaben hinzufügen, die Palette und die Tastatur.

import type { Messages } from "../en.ts";

export const adding: Messages["adding"] = {
  begin: "Hinzufügen",
  language: "Versteht Englisch, zum Beispiel „Miete every 1st at 9 #Wohnung @konto p1“",
  sheet: "Neue Aufgabe",
  understood: (summary) => `Verstanden: ${summary}`,
  plain: (words) => `„${words}“ bleibt im Titel.`,
  marks: "Klick auf eine Markierung, oder drück danach die Rücktaste, damit sie Text bleibt.",
  addedTo: (place) => `Hinzugefügt zu ${place}`,
  addedMany: (n) => `${n} Aufgaben hinzugefügt`,
  lines: (n) => `Du hast ${n} Zeilen eingefügt.`,
  addLines: (n) => `${n} Aufgaben hinzufügen`,
  oneLine: "Als eine Zeile behalten",
  tooManyLines: (most) => `Füg höchstens ${most} Zeilen ein. Es wurde nichts hinzugefügt.`,
  tooLong: "Das ist zu lang für einen Titel. Er kann 255 Zeichen haben.",
  unreadable: "Darin sind Zeichen, die nicht gespeichert werden können. Entfern sie, und versuch es noch einmal.",
  suggestions: (n) => (n === 1 ? "1 Vorschlag" : `${n} Vorschläge`),
  createList: (name) => `Liste „${name}“ anlegen`,
  noList: (name: string): string => `Es gibt keine Liste „${name}“.`,
  create: "Anlegen",
  createdList: (name) => `Liste „${name}“ angelegt`,
  suggested: "Vorschläge",
};

export const palette: Messages["palette"] = {
  title: "Suche und Befehle",
  field: "Aufgaben suchen oder Befehl eingeben",
  searchField: "Aufgaben suchen",
  empty: "Nichts gefunden.",
  recent: "Zuletzt",
  commands: "Befehle",
  views: "Ansichten",
  tasks: "Aufgaben",
  showAll: (words) => `Alle Aufgaben mit „${words}“ zeigen`,
  open: "Befehlspalette",
  search: "Aufgaben suchen",
};

export const keys: Messages["keys"] = {
  title: "Tastenkürzel",
  show: "Tastenkürzel zeigen",
  single: "Kürzel mit einer Taste",
  singleHint:
    "Zum Beispiel Q oder E. Schalt sie aus, wenn du dein Gerät mit der Stimme bedienst oder oft aus Versehen tippst.",
  then: "dann",
  or: "oder",
  control: "Strg",
  delete: "Entf",
  space: "Leertaste",
  groups: {
    move: "Bewegen",
    add: "Hinzufügen",
    act: "Aufgaben ändern",
    order: "Ordnen und auswählen",
    find: "Finden",
  },
};
