// What the server renders: the tasks of the person who is signed in.

import "server-only";
import { createCalls, type Task } from "doable-client/calls";
import { headers } from "next/headers";
import { auth } from "./auth";

export interface Page {
  user: { id: string; name: string };
  tasks: Task[];
}

/** The signed-in person with their tasks. Null without a session. */
export async function page(): Promise<Page | null> {
  const sent = await headers();
  const session = await auth.api.getSession({ headers: sent });
  if (!session) return null;
  const { token } = await auth.api.getToken({ headers: sent });
  const { api } = createCalls({ url: process.env.DOABLE_URL, token: async () => token });
  const { body } = await api.get("/tasks", { query: { sort: "position" } });
  return { user: session.user, tasks: body };
}
