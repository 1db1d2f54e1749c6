// What one chooses for a task: dates, repetition, reminders, priority, labels. In German.

import type { Messages } from "../en.ts";

const count = (n: number, one: string, other: string): string => `${n} ${n === 1 ? one : other}`;

export const pickers: Messages["pickers"] = {
  names: {
    date: "Datum",
    start: "Beginn",
    recurrence: "Wiederholen",
    reminders: "Erinnerungen",
    priority: "Priorität",
    labels: "Etiketten",
    move: "Verschieben nach",
  },
  date: {
    type: "Datum auf Englisch, z. B. „fri 5pm“",
    field: "Datum in Worten",
    unknown: "Dieses Datum kennt Doable nicht. Es liest Englisch.",
    weekend: "Wochenende",
    nextWeek: "Nächste Woche",
    time: "Uhrzeit",
    noTime: "Uhrzeit entfernen",
    zone: (place) => `in ${place}`,
    seriesStays: "Verschiebt nur dieses Mal. Die Serie bleibt, wie sie ist.",
    repeat: "Wiederholen",
    calendar: "Kalender",
    previous: "Voriger Monat",
    next: "Nächster Monat",
  },
  recurrence: {
    never: "Wiederholt sich nicht",
    custom: "Eigene …",
    every: "Alle",
    interval: "Wie viele",
    unit: "Einheit",
    units: { DAILY: "Tage", WEEKLY: "Wochen", MONTHLY: "Monate", YEARLY: "Jahre" },
    days: "Wochentage",
    on: "Wann",
    basis: "Gezählt",
    schedule: "nach Plan",
    completion: "ab dem Erledigen",
    ends: "Endet",
    endNever: "nie",
    endDate: "an einem Tag",
    endCount: "nach",
    until: "Letzter Tag",
    count: "Wie oft",
    times: () => "Mal",
    next: (dates) => `Als Nächstes: ${dates}`,
    none: "Kein Tag passt dazu.",
    did: (n, words) => (n === 1 ? words : `${n} Aufgaben: ${words}`),
  },
  reminders: {
    atDue: "Zur Fälligkeit",
    before: (minutes) => `${duration(minutes)} vorher`,
    needsDate: "Für Erinnerungen vor dem Datum braucht die Aufgabe ein Datum.",
    fromDayStart: (time) => `Ohne Uhrzeit zählen sie ab ${time}.`,
    amount: "Wie lange vorher",
    unit: "Einheit",
    units: { 1: "Minuten", 60: "Stunden", 1440: "Tage" },
    addBefore: "Vorher hinzufügen",
    moment: "Datum und Uhrzeit",
    addMoment: "Zu dieser Zeit hinzufügen",
    remove: (reminder) => `„${reminder}“ entfernen`,
    added: "Erinnerung hinzugefügt",
    removed: "Erinnerung entfernt",
    full: "Eine Aufgabe hat höchstens 20 Erinnerungen.",
  },
  labels: {
    find: "Etikett suchen oder anlegen",
    create: (name) => `„${name}“ anlegen`,
    none: "Noch kein Etikett. Schreib einen Namen, um eines anzulegen.",
    some: "bei einigen",
    tooLong: "Ein Etikett hat höchstens 60 Zeichen.",
    full: "Eine Aufgabe hat höchstens 50 Etiketten.",
  },
};

function duration(minutes: number): string {
  if (minutes % 1440 === 0) return count(minutes / 1440, "Tag", "Tage");
  return minutes % 60 === 0 ? count(minutes / 60, "Stunde", "Stunden") : count(minutes, "Minute", "Minuten");
}
