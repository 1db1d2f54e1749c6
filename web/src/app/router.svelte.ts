// The address is the state: each view, each task and each page of the settings has one, and Back closes what was opened last.

import { KEYED, PLAIN } from "./paths.ts";

export type View =
  | {
      readonly name:
        "today" | "upcoming" | "inbox" | "browse" | "completed" | "trash" | "sign-in" | "sign-up" | "missing";
    }
  | { readonly name: "lists" | "labels" | "filters" | "settings" | "tasks"; readonly key: string }
  | { readonly name: "search"; readonly words: string };

export interface Route {
  readonly view: View;
  /** The uid of the task whose details are open. */
  readonly task: string | undefined;
}

export function routeOf({ pathname, searchParams }: URL): Route {
  return { view: viewOf(pathname, searchParams), task: searchParams.get("task") ?? undefined };
}

export function pathOf(view: View): string {
  if (view.name === "search") return `/search${view.words && `?${new URLSearchParams({ q: view.words })}`}`;
  return "key" in view ? `/${view.name}/${encodeURIComponent(view.key)}` : `/${view.name}`;
}

/** The address of a task in the view that is open. */
export function taskPath(uid: string): string {
  const url = new URL(location.href);
  url.searchParams.set("task", uid);
  return url.pathname + url.search;
}

let current = $state.raw(routeOf(new URL(location.href)));
/** How many of our own entries lie before this one in the history. */
let depth = Number(history.state?.depth ?? 0);

export const router = {
  get route(): Route {
    return current;
  },
};

export function navigate(path: string, { replace = false } = {}): void {
  if (!replace && path === location.pathname + location.search) return;
  // Each entry of the history knows how far its page was scrolled.
  history.replaceState({ ...history.state, scroll: scrollY }, "");
  if (!replace) depth += 1;
  if (replace) history.replaceState({ ...history.state, depth }, "", path);
  else history.pushState({ depth }, "", path);
  current = routeOf(new URL(location.href));
}

export function openTask(uid: string): void {
  navigate(taskPath(uid), { replace: current.task !== undefined });
}

/** Close the details, as Back does if it opened them. */
export function closeTask(): void {
  if (current.task === undefined) return;
  if (depth > 0) return history.back();
  const url = new URL(location.href);
  url.searchParams.delete("task");
  navigate(url.pathname + url.search, { replace: true });
}

/** Follow the history, and the clicks on links that lead within the app. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    depth = Number(history.state?.depth ?? 0);
    current = routeOf(new URL(location.href));
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='/']") : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (viewOf(link.pathname, new URLSearchParams(link.search)).name === "missing") return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

function viewOf(path: string, search: URLSearchParams): View {
  const [, name, key] = path.split("/");
  if (name === "" || name === undefined) return { name: "today" };
  if (name === "search") return { name, words: search.get("q") ?? "" };
  const keyed = KEYED.find((one) => one === name);
  if (keyed && key) return { name: keyed, key: decoded(key) };
  const plain = PLAIN.find((one) => one === name);
  return plain && !key ? { name: plain } : { name: "missing" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
