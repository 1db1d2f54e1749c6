// What the service decides about tasks, decided without it: no network, no storage, pure functions.

export { type Fault, FilterError, Invalid } from "./errors.ts";
export { canonical, type Filter, parseFilter } from "./filter/filter.ts";
export { matcher } from "./filter/matcher.ts";
export type { FilterReasons } from "./filter/reasons.ts";
export { defaultKey, keyBetween, type Spread, spreadKeys } from "./order.ts";
export { type NewTask, quickAdd, type Span } from "./quick/sentence.ts";
export { settle } from "./recurrence/next.ts";
export { complete, occurrences, skip } from "./recurrence/tasks.ts";
export { remindersOf } from "./reminders.ts";
export { search, searched } from "./search.ts";
export { newestFirst, type Order, sorter } from "./sort.ts";
export type { Due, Label, List, Recurrence, Ref, Reminder, Task, Viewer, World } from "./wire.ts";
export { viewerDay } from "./zones.ts";
