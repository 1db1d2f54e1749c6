// The part of the rules that decides what a query finds, for a page that shows tasks before it changes any.

export { parseFilter } from "./filter/filter.ts";
export { matcher } from "./filter/matcher.ts";
export { search } from "./search.ts";
export { sorter } from "./sort.ts";
