// The tasks of the next days and months, each under its heading.

import type { Task } from "doable-client";
import { viewerDay } from "doable-client/rules";
import type { TaskItem } from "../app/actions.ts";
import { addDays, dayName, longDay } from "../app/days.ts";
import { locale } from "../i18n/index.ts";

export interface Group {
  readonly key: string;
  readonly title: string;
  readonly hint?: string;
  readonly day?: string;
  readonly tasks: readonly TaskItem[];
}

const DAYS = 14;

/** Each of the next 14 days from today on, also those without tasks, and then the months that have some. */
export function upcoming(tasks: readonly TaskItem[], today: string, timeZone: string): Group[] {
  const end = addDays(today, DAYS);
  const found = new Map<string, TaskItem[]>(
    Array.from({ length: DAYS }, (_, at): [string, TaskItem[]] => [addDays(today, at), []]),
  );
  const later = new Map<string, TaskItem[]>();
  for (const task of tasks) {
    if (!task.due) continue;
    const day = dayOf(task.due, timeZone);
    const [groups, key] = day < end ? [found, day] : [later, day.slice(0, 7)];
    const group = groups.get(key);
    if (group) group.push(task);
    else if (day >= end) later.set(key, [task]);
  }
  const days = [...found].map(([day, of]): Group => ({ key: day, ...titleOf(day, today), day, tasks: of }));
  const months = [...later].sort(([one], [other]) => (one < other ? -1 : 1));
  return [...days, ...months.map(([key, of]): Group => ({ key, title: monthName(key), tasks: of }))];
}

function dayOf(due: NonNullable<Task["due"]>, timeZone: string): string {
  return due.time_zone ? viewerDay(due, timeZone) : due.date;
}

function titleOf(day: string, today: string): { title: string; hint?: string } {
  return day <= addDays(today, 1) ? { title: dayName(day, today), hint: longDay(day) } : { title: longDay(day) };
}

function monthName(month: string): string {
  const format = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${month}-01T00:00Z`));
}
