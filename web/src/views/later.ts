// The views that the first page does not need, and the editor of lists, labels and filters: one chunk.

export { default as Browse } from "./BrowseView.svelte";
export { default as Completed } from "./CompletedView.svelte";
export { default as Filter } from "./FilterView.svelte";
export { default as Label } from "./LabelView.svelte";
export { default as PlaceEditor } from "../nav/PlaceEditor.svelte";
export { default as Search } from "./SearchView.svelte";
export { default as Task } from "./TaskView.svelte";
export { default as Trash } from "./TrashView.svelte";
export { default as Upcoming } from "./UpcomingView.svelte";
