// Tasks by their words, as the service finds them, in slices, so that typing never waits for 10 000 tasks.

import type { TaskItem } from "../app/actions.ts";

const MOST = 20;
const SLICE_MILLISECONDS = 6;

/** The first tasks that have the words, open ones before complete ones. If none has them, parts of words count. */
export async function findTasks(
  words: string,
  all: readonly TaskItem[],
  stop: AbortSignal,
): Promise<readonly TaskItem[]> {
  if (!words.trim()) return [];
  const { search } = await import("doable-client/rules");
  // A search that is given tasks, and finds none of them, looks for parts of words.
  for (const others of [[], [{ title: "" }]]) {
    const found = await scan(all, search(words, others), stop);
    if (found.length || stop.aborted) return found;
  }
  return [];
}

async function scan(
  all: readonly TaskItem[],
  test: (task: { title: string }) => boolean,
  stop: AbortSignal,
): Promise<readonly TaskItem[]> {
  const [open, done]: [TaskItem[], TaskItem[]] = [[], []];
  let end = performance.now() + SLICE_MILLISECONDS;
  for (const task of all) {
    if (performance.now() > end) {
      await new Promise((resolve) => setTimeout(resolve));
      if (stop.aborted) return [];
      end = performance.now() + SLICE_MILLISECONDS;
    }
    const found = task.status === "complete" ? done : open;
    if (found.length < MOST && test(task)) found.push(task);
    if (open.length === MOST) break;
  }
  return [...open, ...done].slice(0, MOST);
}
