// Reminders, as notifications while a tab is open. Only the tab that speaks with the service shows them, each one once.

import type { Item, Store, Task } from "doable-client";
import { m } from "../i18n/index.ts";
import { dueName, timeZone } from "./days.ts";
import { navigate } from "./router.svelte.ts";
import { session } from "./session.svelte.ts";
import { readSetting, writeSetting } from "./storage.ts";
import { offer } from "./toast.svelte.ts";

type Rules = typeof import("doable-client/rules");

/** A task that was changed a moment after its reminder still reminds. */
const GRACE = 5 * 60_000;
/** After a sleep of days, what is older than this says nothing. */
const DAY = 86_400_000;
/** The longest wait of a timer: after it, the clock of a device that slept is read again. */
const TICK = 60_000;
/** After a change: what the person does comes first. */
const PAUSE = 500;
const ICON = "/icons/icon-192.png";

interface Due {
  readonly task: Item<Task>;
  readonly at: number;
  /** The same reminder has the same key in every tab. */
  readonly key: string;
}

/** What is remembered for the person who wanted reminders: until when all were shown, and which ones since a day before. */
interface Memory {
  readonly person: string;
  readonly until: number;
  readonly shown: Readonly<Record<string, number>>;
}

export type Means = "notifications" | "page" | "none";

/** How reminders are shown on this device. `page`: the browser has no notifications here, as on plain http. */
export function remindersMeans(): Means {
  if (!remembered()) return "none";
  return canNotify() ? "notifications" : "page";
}

/** Call it at a click: it asks for the permission. The person can refuse it, then the page itself shows reminders. */
export async function enableReminders(): Promise<Means> {
  if (hasNotifications() && Notification.permission === "default") await Notification.requestPermission();
  const person = session.person?.id;
  if (person !== undefined) remember({ person, until: Date.now(), shown: {} });
  return remindersMeans();
}

export function disableReminders(): void {
  writeSetting("reminders", null);
}

/** Show the reminders of a store until the returned function is called. */
export function startReminders(store: Store, rules: Rules): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tasks = store.tasks.query();

  const look = (): void => {
    const now = Date.now();
    const memory = store.status.get().leader ? remembered() : undefined;
    const all = memory ? remindersOf(tasks.get(), store, rules, now) : [];
    if (memory) void show(take(all, memory, now));
    const next = Math.min(...all.filter(({ at }) => at > now).map(({ at }) => at));
    timer = setTimeout(look, Math.min(next - now, TICK));
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };
  const ends = [tasks.subscribe(wait), store.status.subscribe(wait), store.me.subscribe(wait)];
  document.addEventListener("visibilitychange", wait);
  look();

  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wait);
    ends.forEach((end) => end());
  };
}

function remindersOf(tasks: readonly Item<Task>[], store: Store, rules: Rules, now: number): readonly Due[] {
  const dayStart = store.me.get()?.day_start ?? "09:00";
  const viewer = { now: new Date(now), timeZone: timeZone(), weekStart: "monday", dayStart, dateOrder: "dmy" } as const;
  return tasks
    .filter(({ status, reminders }) => status !== "complete" && reminders?.length)
    .flatMap((task) =>
      rules
        .remindersOf({ title: task.title, ...(task.due && { due: task.due }), reminders: task.reminders ?? [] }, viewer)
        .map((at) => ({ task, at, key: `${task.uid} ${at}` })),
    );
}

/** Those that are due and not shown yet; from now on they count as shown. */
function take(all: readonly Due[], { person, until, shown }: Memory, now: number): readonly Due[] {
  const since = Math.max(Math.min(until, now - GRACE), now - DAY);
  const found = all.filter(({ at, key }) => at <= now && at > since && !(key in shown));
  const kept = Object.entries(shown).filter(([, at]) => at > now - DAY);
  const added = found.map(({ key, at }) => [key, at] as const);
  remember({ person, until: now, shown: Object.fromEntries([...kept, ...added]) });
  return found;
}

/** Several, such as those of a sleep, are one. */
async function show(due: readonly Due[]): Promise<void> {
  const [first] = due;
  if (!first) return;
  const isOne = due.length === 1;
  const titles = due.map(({ task }) => task.title);
  const title = isOne ? first.task.title : m.reminders.several(due.length);
  const when = first.task.due ? dueName(first.task.due) : "";
  const path = isOne ? `/today?task=${encodeURIComponent(first.task.uid)}` : "/today";
  const registration = canNotify() ? await navigator.serviceWorker?.getRegistration() : undefined;
  const body = isOne ? when : titles.join("\n");
  if (registration) return registration.showNotification(title, { body, tag: first.key, icon: ICON, data: path });
  offer([title, isOne ? when : titles.join(", ")].filter(Boolean).join(" · "), {
    name: m.reminders.open,
    run: () => navigate(path),
  });
}

function hasNotifications(): boolean {
  return "Notification" in globalThis && isSecureContext;
}

function canNotify(): boolean {
  return hasNotifications() && Notification.permission === "granted";
}

function remembered(): Memory | undefined {
  const text = readSetting("reminders");
  const memory = text === null ? undefined : (JSON.parse(text) as Memory);
  return memory?.person === session.person?.id ? memory : undefined;
}

function remember(memory: Memory): void {
  writeSetting("reminders", JSON.stringify(memory));
}
