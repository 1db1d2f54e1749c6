// What the app says about the network, this device, conflicts and reminders, in German.

import type { Messages } from "../en.ts";

export const status: Messages["status"] = {
  offline: "Offline",
  waiting: (n) => (n === 1 ? "1 Änderung wartet" : `${n} Änderungen warten`),
  signIn: "Zum Abgleich anmelden",
  outdated: "In einem anderen Tab läuft eine neuere Version.",
  stale: "Diese Seite gehört zu einer älteren Version.",
  reload: "Neu laden",
  memory: "Dieser Browser behält nichts auf diesem Gerät. Deine Änderungen sind sicher, sobald sie gesendet sind.",
  full: "Auf diesem Gerät ist kein Platz mehr. Die letzte Änderung wurde nicht gespeichert.",
  update: "Eine neue Version ist bereit.",
  updateNow: "Aktualisieren",
  ok: "OK",
};

export const conflicts: Messages["conflicts"] = {
  count: (n) => (n === 1 ? "1 Konflikt" : `${n} Konflikte`),
  label: "Konflikte",
  changed: "Auf einem anderen Gerät geändert",
  deleted: "Auf einem anderen Gerät gelöscht",
  refused: "Der Dienst hat diese Änderung nicht angenommen",
  mine: "Deins",
  theirs: "Das andere",
  keepMine: "Meins behalten",
  keepTheirs: "Das andere behalten",
  again: "Noch einmal versuchen",
  drop: "Meine Änderung verwerfen",
  empty: "leer",
  untitled: "Eine Änderung",
  fields: {
    title: "Titel",
    description: "Beschreibung",
    name: "Name",
    filter: "Filter",
    due: "Datum",
    start: "Beginn",
    priority: "Priorität",
    labels: "Etiketten",
  },
};

export const reasons: Messages["reasons"] = {
  limit_reached: "Du hast so viele Aufgaben, wie der Betreiber erlaubt. Lösche einige und versuche es noch einmal.",
  label_taken: "Ein anderes Etikett hat diesen Namen.",
  changed_since: "Was du rückgängig machen wolltest, hat sich seitdem geändert.",
  change_expired: "Das lässt sich nicht mehr rückgängig machen.",
  cycle_of_parents: "Eine Aufgabe kann nicht unter sich selbst liegen.",
  too_much: "Das ändert zu viel auf einmal. Gehe in kleineren Schritten vor.",
  list_not_found: "Die Liste gibt es nicht mehr.",
  task_not_found: "Die Aufgabe gibt es nicht mehr.",
  label_not_found: "Das Etikett gibt es nicht mehr.",
  filter_not_found: "Den Filter gibt es nicht mehr.",
  rate_limited: "Von hier kamen zu viele Anfragen. Warte einen Moment und versuche es noch einmal.",
  too_many_requests: "Der Dienst hat viel zu tun. Versuche es gleich noch einmal.",
  unavailable: "Der Dienst ist gerade nicht verfügbar. Versuche es gleich noch einmal.",
  overloaded: "Der Dienst hat viel zu tun. Versuche es gleich noch einmal.",
  request_in_progress: "Der erste Versuch läuft noch.",
  too_many_tokens: "Du hast so viele Zugriffstokens, wie man haben kann. Widerrufe erst eines.",
  token_not_found: "Das Zugriffstoken gibt es nicht mehr.",
  not_found: "Das gibt es nicht mehr.",
  change_not_found: "Die Änderung gibt es nicht mehr.",
  invalid_input: "Der Dienst nimmt diesen Wert nicht an.",
};

export const reminders: Messages["reminders"] = {
  several: (n) => `${n} Erinnerungen`,
  open: "Öffnen",
};
