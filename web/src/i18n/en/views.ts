// Views, and what a person does with lists, labels and filters.

import type { Fault } from "doable-client/rules";

const plural = new Intl.PluralRules("en");
const isOne = (n: number): boolean => plural.select(n) === "one";

export const views = {
  notFound: "Not found",
  lookAhead: "See what comes next",
  add: { list: "Add a list", label: "Add a label", filter: "Add a filter" },
  editing: { list: "Edit the list", label: "Edit the label", filter: "Edit the filter" },
  none: { list: "No lists yet", label: "No labels yet", filter: "No filters yet" },
  removed: {
    list: (name: string): string => `“${name}” moved to the trash`,
    label: (name: string): string => `Label “${name}” deleted`,
    filter: (name: string): string => `Filter “${name}” deleted`,
  },
  made: (name: string): string => `“${name}” added`,
  saved: (name: string): string => `“${name}” saved`,
  archived: (name: string): string => `“${name}” archived`,
  unarchived: (name: string): string => `“${name}” is back among the lists`,
  ordered: (name: string, at: number, all: number): string => `“${name}” is now ${at} of ${all}`,
  atEnd: "It can't move further.",
  putAway: "Archived",
  menuOf: (name: string): string => `More for ${name}`,
  edit: "Edit …",
  up: "Move up",
  down: "Move down",
  archive: "Archive",
  unarchive: "Take out of the archive",
  name: "Name",
  colour: "Colour",
  create: "Create",
  needsName: "Give it a name.",
  labelTaken: "Another label has this name.",
  filterText: "Filter text",
  /** What the service says of a filter. */
  filterFault: (sentence: string, _fault: Fault): string => sentence,
  filterExample: "Such as today & p1",
  showCompleted: (n: number): string => `Show ${n} completed`,
  hideCompleted: "Hide completed",
  searchFor: (words: string): string => `Search: ${words}`,
  searchHint: "Words in titles, descriptions and labels",
  /** What the service says of the words. */
  cannotSearch: (sentence: string): string => sentence,
  foundNone: "No task has these words.",
  emptyLabel: "No open task has this label.",
  emptyFilter: "This filter finds no tasks.",
  emptyCompleted: "What you complete appears here.",
};

export const trash = {
  empty: "Empty the trash",
  none: "The trash is empty.",
  hint: "The service deletes what has been here for a while.",
  offline: "The trash needs the network.",
  again: "Try again",
  more: "Show more",
  list: "List",
  deleted: (day: string): string => `Deleted: ${day}`,
  others: (n: number): string => (isOne(n) ? "1 task in it" : `${n} tasks in it`),
  restore: "Restore",
  restoreOf: (name: string): string => `Restore ${name}`,
  remove: "Delete for ever",
  removeOf: (name: string): string => `Delete ${name} for ever`,
  removeTitle: "Delete for ever?",
  removeText: (name: string, others: number): string =>
    others
      ? `“${name}” and ${isOne(others) ? "1 task" : `${others} tasks`} in it can't come back.`
      : `“${name}” can't come back.`,
  emptyTitle: "Empty the trash?",
  emptyText: "What is in it can't come back.",
  restored: (name: string): string => `“${name}” is back`,
  gone: (name: string): string => `“${name}” deleted for ever`,
  emptied: "The trash is empty",
};

export const colours = {
  none: "No colour",
  red: "Red",
  orange: "Orange",
  yellow: "Yellow",
  green: "Green",
  teal: "Teal",
  blue: "Blue",
  violet: "Violet",
  pink: "Pink",
};
