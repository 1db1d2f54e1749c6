// English, and what every other language must have.

import { conflicts, reasons, reminders, status } from "./en/offline.ts";
import { details } from "./en/details.ts";
import { pickers } from "./en/pickers.ts";
import { recurrence } from "./en/recurrence.ts";
import { lists } from "./en/lists.ts";
import { colours, trash, views } from "./en/views.ts";
import { adding, keys, palette } from "./en/adding.ts";
import { account } from "./en/account.ts";

const plural = new Intl.PluralRules("en");
const count = (n: number, one: string, other: string): string => `${n} ${plural.select(n) === "one" ? one : other}`;

export const en = {
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
    title: (view: string): string => `${view} · Doable`,
    skip: "Skip to the tasks",
    loading: "Loading your tasks …",
    missing: "This page does not exist.",
    undo: "Undo",
    close: "Close",
    save: "Save",
    cancel: "Cancel",
    delete: "Delete",
    more: "More",
    failed: "That did not work. Try it again.",
    refused: (sentence: string): string => sentence,
    offlineOnly: "This needs a network.",
  },
  nav: {
    label: "Views",
    today: "Today",
    upcoming: "Upcoming",
    inbox: "Inbox",
    lists: "Lists",
    labels: "Labels",
    filters: "Filters",
    search: "Search",
    completed: "Completed",
    trash: "Trash",
    browse: "Browse",
    account: "Account",
    settings: "Settings",
    signOut: "Sign out",
    toggle: "Show or hide the sidebar",
  },
  tasks: {
    add: "Add task",
    list: "Tasks",
    overdue: "Overdue",
    moveToToday: "Move to today",
    done: "All done for today.",
    empty: "No tasks here.",
    emptyInbox: "The Inbox is empty. New tasks land here.",
    pending: "Not sent yet",
    subtasks: (done: number, all: number): string => `${done} of ${all} subtasks done`,
    open: (n: number): string => count(n, "open task", "open tasks"),
    untitled: "Task",
  },
  priority: { label: "Priority", high: "Priority 1", medium: "Priority 2", low: "Priority 3", none: "No priority" },
  dates: {
    today: "Today",
    tomorrow: "Tomorrow",
    yesterday: "Yesterday",
    none: "No date",
    date: "Date",
    zone: (place: string): string => `(${place})`,
  },
  did: {
    added: "Task added",
    completed: (n: number): string => (n === 1 ? "Completed" : `${n} tasks completed`),
    reopened: (n: number): string => (n === 1 ? "Opened again" : `${n} tasks opened again`),
    removed: (n: number): string => (n === 1 ? "Moved to the trash" : `${n} tasks moved to the trash`),
    scheduled: (n: number, when: string): string => (n === 1 ? `Date: ${when}` : `${n} tasks: ${when}`),
    unscheduled: (n: number, recurs: boolean): string =>
      `${recurs ? "Date and repetition" : "Date"}${n === 1 ? "" : ` of ${n} tasks`} removed`,
    moved: (n: number, where: string): string => (n === 1 ? `Moved to ${where}` : `${n} tasks moved to ${where}`),
    prioritised: (n: number, what: string): string => (n === 1 ? what : `${n} tasks: ${what}`),
    labelled: (n: number): string => (n === 1 ? "Labels changed" : `Labels of ${n} tasks changed`),
    skipped: "Skipped to the next date",
    changed: "Changed",
    undone: "Undone",
    nothingToUndo: "There is nothing to undo.",
  },
  lists,
  auth: {
    signIn: "Sign in",
    signUp: "Sign up",
    email: "Email",
    password: "Password",
    name: "Name",
    keep: "Keep me signed in",
    newHere: "New here?",
    haveAccount: "You have an account?",
    unreachable: "The service does not answer. Check your network, and try again.",
  },
  account,
};

export type Messages = typeof en;
