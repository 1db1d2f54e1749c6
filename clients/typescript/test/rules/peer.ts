// The service, which the rules must agree with.

import { expect } from "vitest";

import type { Fault, Label, List, Task, Viewer, World } from "../../src/rules/index.ts";
import { Invalid } from "../../src/rules/index.ts";
import { newUser, tokenOf, url } from "../service.ts";
import { caught } from "./given.ts";

/** Zones whose rules have not changed in years, so that it doesn't matter which version of them anyone has. */
export const ZONES = [
  ...["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu"],
  ...["Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Niue", "Pacific/Chatham", "Pacific/Apia"],
];

/** A user of the service. */
export class Peer {
  private readonly headers: Record<string, string>;

  constructor() {
    this.headers = { Authorization: `Bearer ${tokenOf(newUser())}`, "Content-Type": "application/json" };
  }

  /** The body of the answer to a request. */
  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const sent = body ? { body: JSON.stringify(body) } : {};
    const response = await fetch(`${url}/api/me/${path}`, { method, headers: this.headers, ...sent });
    return (await response.json()) as T;
  }

  /** The tasks that a query finds. */
  async tasks(query: Record<string, string> = {}): Promise<Task[] | Refusal> {
    return this.ask("GET", `tasks?${new URLSearchParams(query)}`);
  }

  /** All that the user has. */
  async world(): Promise<World & { tasks: readonly Task[] }> {
    const [lists, labels, tasks] = await Promise.all([
      this.ask<List[]>("GET", "lists"),
      this.ask<Label[]>("GET", "labels"),
      this.ask<Task[]>("GET", "tasks"),
    ]);
    return { lists, labels, tasks };
  }

  /** Run a batch in which nothing is refused. */
  async batch(operations: object[]): Promise<void> {
    for (let at = 0; at < operations.length; at += 100) {
      const part = operations.slice(at, at + 100);
      const { results } = await this.ask<{ results: { status: number }[] }>("POST", "batch", { operations: part });
      expect(results.filter((one) => one.status >= 300)).toEqual([]);
    }
  }
}

/** A problem, as the service answers with it. */
export interface Refusal {
  error: string;
  errors: Fault[];
}

export function isRefusal(answer: object): answer is Refusal {
  return "error" in answer;
}

/** Check that our refusal is the service's. */
export function expectRefused(run: () => unknown, { errors }: Refusal, what: string): void {
  const error = caught(run);
  expect(error, what).toBeInstanceOf(Invalid);
  const faults = error instanceof Invalid ? error.faults : [];
  expect(
    faults.map(({ reason: _, values: __, ...fault }) => fault),
    what,
  ).toEqual(errors); // The service has only the sentence.
}

/** Check an answer for a moment: one between what the clock showed before and after, if it matters. */
export function expectAt<T>(before: Viewer, ours: (viewer: Viewer) => T, theirs: T, what: string): void {
  if (!same(ours(before), theirs)) expect(ours({ ...before, now: new Date() }), what).toEqual(theirs);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
