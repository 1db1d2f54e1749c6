// Adding tasks, the palette, and the keyboard.

export const adding = {
  begin: "Add",
  language: "For example “Pay rent every 1st at 9 #Home @bills p1”",
  sheet: "New task",
  understood: (summary: string): string => `Understood: ${summary}`,
  plain: (words: string): string => `“${words}” stays in the title.`,
  marks: "Click a mark, or press Backspace after it, to keep it as plain text.",
  addedTo: (place: string): string => `Added to ${place}`,
  addedMany: (n: number): string => `${n} tasks added`,
  lines: (n: number): string => `You pasted ${n} lines.`,
  addLines: (n: number): string => `Add ${n} tasks`,
  oneLine: "Keep as one line",
  tooManyLines: (most: number): string => `Paste at most ${most} lines. Nothing was added.`,
  tooLong: "This is too long for a title. It can have 255 characters.",
  unreadable: "This has characters that can't be stored. Remove them, and try again.",
  suggestions: (n: number): string => (n === 1 ? "1 suggestion" : `${n} suggestions`),
  createList: (name: string): string => `Create the list “${name}”`,
  noList: (name: string): string => `There is no list “${name}”.`,
  create: "Create it",
  createdList: (name: string): string => `List “${name}” created`,
  suggested: "Suggestions",
};

export const palette = {
  title: "Search and commands",
  field: "Search tasks, or type a command",
  searchField: "Search tasks",
  empty: "Nothing found.",
  recent: "Recent",
  commands: "Commands",
  views: "Views",
  tasks: "Tasks",
  showAll: (words: string): string => `Show all tasks with “${words}”`,
  open: "Command palette",
  search: "Search tasks",
};

export const keys = {
  title: "Keyboard shortcuts",
  show: "Show keyboard shortcuts",
  single: "Shortcuts of one key",
  singleHint: "Such as Q or E. Switch them off if you speak to your device, or press keys by accident.",
  then: "then",
  or: "or",
  control: "Ctrl",
  delete: "Del",
  space: "Space",
  groups: { move: "Move around", add: "Add", act: "Change tasks", order: "Order and select", find: "Find" },
};
