// Views, and what a person does with lists, labels and filters.

import type { Messages } from "../en.ts";
import { filterFault } from "./filters.ts";

export const views: Messages["views"] = {
  notFound: "Nicht gefunden",
  lookAhead: "Ansehen, was demnächst kommt",
  add: { list: "Liste hinzufügen", label: "Etikett hinzufügen", filter: "Filter hinzufügen" },
  editing: { list: "Liste bearbeiten", label: "Etikett bearbeiten", filter: "Filter bearbeiten" },
  none: { list: "Noch keine Listen", label: "Noch keine Etiketten", filter: "Noch keine Filter" },
  removed: {
    list: (name) => `„${name}“ liegt im Papierkorb`,
    label: (name) => `Etikett „${name}“ gelöscht`,
    filter: (name) => `Filter „${name}“ gelöscht`,
  },
  made: (name) => `„${name}“ hinzugefügt`,
  saved: (name) => `„${name}“ gespeichert`,
  archived: (name) => `„${name}“ archiviert`,
  unarchived: (name) => `„${name}“ ist wieder bei den Listen`,
  ordered: (name, at, all) => `„${name}“ steht jetzt an Stelle ${at} von ${all}`,
  atEnd: "Weiter geht es nicht.",
  putAway: "Archiviert",
  menuOf: (name) => `Mehr zu ${name}`,
  edit: "Bearbeiten …",
  up: "Nach oben",
  down: "Nach unten",
  archive: "Archivieren",
  unarchive: "Aus dem Archiv holen",
  name: "Name",
  colour: "Farbe",
  create: "Anlegen",
  needsName: "Gib einen Namen ein.",
  labelTaken: "Ein anderes Etikett heißt schon so.",
  filterText: "Filtertext",
  filterFault,
  filterExample: "Etwa today & p1",
  showCompleted: (n) => `${n} erledigte zeigen`,
  hideCompleted: "Erledigte verbergen",
  searchFor: (words) => `Suche: ${words}`,
  searchHint: "Wörter in Titeln, Beschreibungen und Etiketten",
  cannotSearch: () => "Die Suche ist zu lang oder enthält ein Zeichen, das der Dienst nicht annimmt.",
  foundNone: "Keine Aufgabe enthält diese Wörter.",
  emptyLabel: "Keine offene Aufgabe hat dieses Etikett.",
  emptyFilter: "Dieser Filter findet keine Aufgaben.",
  emptyCompleted: "Was du erledigst, erscheint hier.",
};

export const trash: Messages["trash"] = {
  empty: "Papierkorb leeren",
  none: "Der Papierkorb ist leer.",
  hint: "Was hier eine Weile liegt, löscht der Dienst.",
  offline: "Der Papierkorb braucht ein Netz.",
  again: "Noch einmal versuchen",
  more: "Mehr zeigen",
  list: "Liste",
  deleted: (day) => `Gelöscht: ${day}`,
  others: (n) => (n === 1 ? "mit 1 Aufgabe" : `mit ${n} Aufgaben`),
  restore: "Wiederherstellen",
  restoreOf: (name) => `${name} wiederherstellen`,
  remove: "Endgültig löschen",
  removeOf: (name) => `${name} endgültig löschen`,
  removeTitle: "Endgültig löschen?",
  removeText: (name, others) =>
    others
      ? `„${name}“ und ${others === 1 ? "1 Aufgabe" : `${others} Aufgaben`} darin kommen nicht zurück.`
      : `„${name}“ kommt nicht zurück.`,
  emptyTitle: "Papierkorb leeren?",
  emptyText: "Was darin liegt, kommt nicht zurück.",
  restored: (name) => `„${name}“ ist wieder da`,
  gone: (name) => `„${name}“ endgültig gelöscht`,
  emptied: "Der Papierkorb ist leer",
};

export const colours: Messages["colours"] = {
  none: "Ohne Farbe",
  red: "Rot",
  orange: "Orange",
  yellow: "Gelb",
  green: "Grün",
  teal: "Türkis",
  blue: "Blau",
  violet: "Violett",
  pink: "Rosa",
};
