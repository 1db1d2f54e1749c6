// What the app says about the network, this device, conflicts and reminders, in English.

export const status = {
  offline: "Offline",
  waiting: (n: number): string => (n === 1 ? "1 change waits" : `${n} changes wait`),
  signIn: "Sign in to sync",
  outdated: "A newer version runs in another tab.",
  stale: "This page is of an older version.",
  reload: "Reload",
  memory: "This browser keeps nothing on this device. Your changes are safe once they are sent.",
  full: "This device has no room left. The last change was not stored.",
  update: "A new version is ready.",
  updateNow: "Update",
  ok: "OK",
};

export const conflicts = {
  count: (n: number): string => (n === 1 ? "1 conflict" : `${n} conflicts`),
  label: "Conflicts",
  changed: "Changed on another device",
  deleted: "Deleted on another device",
  refused: "The service did not accept this change",
  mine: "Yours",
  theirs: "Theirs",
  keepMine: "Keep mine",
  keepTheirs: "Keep theirs",
  again: "Try again",
  drop: "Drop my change",
  empty: "empty",
  untitled: "A change",
  fields: {
    title: "Title",
    description: "Description",
    name: "Name",
    filter: "Filter",
    due: "Date",
    start: "Start",
    priority: "Priority",
    labels: "Labels",
  },
};

/** By the code of the service's error. */
export const reasons: Readonly<Record<string, string>> = {
  limit_reached: "You have as many tasks as the operator allows. Delete some, then try again.",
  label_taken: "Another label has this name.",
  changed_since: "What you wanted to undo has changed since.",
  change_expired: "It is too late to undo this.",
  cycle_of_parents: "A task can't be below itself.",
  too_much: "This changes too much in one step. Use smaller steps.",
  list_not_found: "The list is gone.",
  task_not_found: "The task is gone.",
  label_not_found: "The label is gone.",
  filter_not_found: "The filter is gone.",
  rate_limited: "Too many requests came from here. Wait a moment, then try again.",
  too_many_requests: "The service is busy. Try again in a moment.",
  unavailable: "The service is not available now. Try again in a moment.",
  overloaded: "The service is busy. Try again in a moment.",
  request_in_progress: "The first attempt is still running.",
  too_many_tokens: "You have as many access tokens as one may have. Revoke one first.",
  token_not_found: "The access token is gone.",
  not_found: "This is gone.",
  change_not_found: "The change is gone.",
  invalid_input: "The service does not accept this value.",
};

export const reminders = {
  several: (n: number): string => `${n} reminders`,
  open: "Open",
};
