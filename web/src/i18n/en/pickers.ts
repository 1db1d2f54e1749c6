// What one chooses for a task: dates, repetition, reminders, priority, labels. In English.

const count = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`;

export const pickers = {
  names: {
    date: "Date",
    start: "Start",
    recurrence: "Repeat",
    reminders: "Reminders",
    priority: "Priority",
    labels: "Labels",
    move: "Move to",
  },
  date: {
    type: "Type a date, such as “fri 5pm”",
    field: "Date in words",
    unknown: "This is no date that Doable knows.",
    weekend: "Weekend",
    nextWeek: "Next week",
    time: "Time",
    noTime: "Remove the time",
    zone: (place: string): string => `in ${place}`,
    seriesStays: "Moves this time only. The series stays as it is.",
    repeat: "Repeat",
    calendar: "Calendar",
    previous: "Previous month",
    next: "Next month",
  },
  recurrence: {
    never: "Does not repeat",
    custom: "Custom …",
    every: "Every",
    interval: "How many",
    unit: "Unit",
    units: { DAILY: "days", WEEKLY: "weeks", MONTHLY: "months", YEARLY: "years" },
    days: "Days of the week",
    on: "On",
    basis: "Counts from",
    schedule: "the schedule",
    completion: "completion",
    ends: "Ends",
    endNever: "never",
    endDate: "on a date",
    endCount: "after",
    until: "Last day",
    count: "Times",
    times: (n: number): string => (n === 1 ? "time" : "times"),
    next: (dates: string): string => `Next: ${dates}`,
    none: "No day matches this.",
    did: (n: number, words: string): string => (n === 1 ? words : `${n} tasks: ${words}`),
  },
  reminders: {
    atDue: "When it is due",
    before: (minutes: number): string => `${duration(minutes)} before`,
    needsDate: "Reminders before the date need a date.",
    fromDayStart: (time: string): string => `Without a time, they count from ${time}.`,
    amount: "How long before",
    unit: "Unit",
    units: { 1: "minutes", 60: "hours", 1440: "days" },
    addBefore: "Add before",
    moment: "Date and time",
    addMoment: "Add at this time",
    remove: (reminder: string): string => `Remove “${reminder}”`,
    added: "Reminder added",
    removed: "Reminder removed",
    full: "A task has at most 20 reminders.",
  },
  labels: {
    find: "Find or create a label",
    create: (name: string): string => `Create “${name}”`,
    none: "No label yet. Type a name to create one.",
    some: "on some",
    tooLong: "A label has at most 60 characters.",
    full: "A task has at most 50 labels.",
  },
};

function duration(minutes: number): string {
  if (minutes % 1440 === 0) return count(minutes / 1440, "day");
  return minutes % 60 === 0 ? count(minutes / 60, "hour") : count(minutes, "minute");
}
