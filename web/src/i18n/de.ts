// German.

import { conflicts, reasons, reminders, status } from "./de/offline.ts";
import { lists } from "./de/lists.ts";
import { colours, trash, views } from "./de/views.ts";
import { adding, keys, palette } from "./de/adding.ts";
import { account } from "./de/account.ts";
import type { Messages } from "./en.ts";
import { details } from "./de/details.ts";
import { pickers } from "./de/pickers.ts";
import { recurrence } from "./de/recurrence.ts";

const count = (n: number, one: string, other: string): string => `${n} ${n === 1 ? one : other}`;

export const de: Messages = {
  conflicts,
  reasons,
  reminders,
  status,
  details,
  pickers,
  recurrence,
  colours,
  trash,
  views,
  adding,
  keys,
  palette,
  app: {
    name: "Doable",
    title: (view) => `${view} · Doable`,
    skip: "Zu den Aufgaben springen",
    loading: "Deine Aufgaben werden geladen …",
    missing: "Diese Seite gibt es nicht.",
    undo: "Rückgängig",
    close: "Schließen",
    save: "Speichern",
    cancel: "Abbrechen",
    delete: "Löschen",
    more: "Mehr",
    failed: "Das hat nicht geklappt. Versuch es noch einmal.",
    refused: (sentence) => `Der Dienst hat das abgelehnt: ${sentence}`,
    offlineOnly: "Das braucht ein Netz.",
  },
  nav: {
    label: "Ansichten",
    today: "Heute",
    upcoming: "Demnächst",
    inbox: "Eingang",
    lists: "Listen",
    labels: "Etiketten",
    filters: "Filter",
    search: "Suche",
    completed: "Erledigt",
    trash: "Papierkorb",
    browse: "Stöbern",
    account: "Konto",
    settings: "Einstellungen",
    signOut: "Abmelden",
    toggle: "Seitenleiste zeigen oder verbergen",
  },
  tasks: {
    add: "Aufgabe hinzufügen",
    list: "Aufgaben",
    overdue: "Überfällig",
    moveToToday: "Auf heute verschieben",
    done: "Für heute ist alles erledigt.",
    empty: "Hier sind keine Aufgaben.",
    emptyInbox: "Der Eingang ist leer. Neue Aufgaben kommen hierher.",
    pending: "Noch nicht gesendet",
    subtasks: (done, all) => `${done} von ${all} Teilaufgaben erledigt`,
    open: (n) => count(n, "offene Aufgabe", "offene Aufgaben"),
    untitled: "Aufgabe",
  },
  priority: {
    label: "Priorität",
    high: "Priorität 1",
    medium: "Priorität 2",
    low: "Priorität 3",
    none: "Keine Priorität",
  },
  dates: {
    today: "Heute",
    tomorrow: "Morgen",
    yesterday: "Gestern",
    none: "Kein Datum",
    date: "Datum",
    zone: (place) => `(${place})`,
  },
  did: {
    added: "Aufgabe hinzugefügt",
    completed: (n) => (n === 1 ? "Erledigt" : `${n} Aufgaben erledigt`),
    reopened: (n) => (n === 1 ? "Wieder geöffnet" : `${n} Aufgaben wieder geöffnet`),
    removed: (n) => (n === 1 ? "In den Papierkorb gelegt" : `${n} Aufgaben in den Papierkorb gelegt`),
    scheduled: (n, when) => (n === 1 ? `Datum: ${when}` : `${n} Aufgaben: ${when}`),
    unscheduled: (n, recurs) =>
      `Datum${recurs ? " und Wiederholung" : ""}${n === 1 ? "" : ` von ${n} Aufgaben`} entfernt`,
    moved: (n, where) => (n === 1 ? `Verschoben nach ${where}` : `${n} Aufgaben verschoben nach ${where}`),
    prioritised: (n, what) => (n === 1 ? what : `${n} Aufgaben: ${what}`),
    labelled: (n) => (n === 1 ? "Etiketten geändert" : `Etiketten von ${n} Aufgaben geändert`),
    skipped: "Auf das nächste Datum gesprungen",
    changed: "Geändert",
    undone: "Rückgängig gemacht",
    nothingToUndo: "Es gibt nichts rückgängig zu machen.",
  },
  lists,
  auth: {
    signIn: "Anmelden",
    signUp: "Registrieren",
    email: "E-Mail",
    password: "Passwort",
    name: "Name",
    keep: "Angemeldet bleiben",
    newHere: "Neu hier?",
    haveAccount: "Du hast schon ein Konto?",
    unreachable: "Der Dienst antwortet nicht. Prüf dein Netz, und versuch es noch einmal.",
  },
  account,
};
