// A small program of a front-end developer: every endpoint, through the types that openapi-typescript makes of our
// document. It says "done" when all of them answered as their types say.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };

type Task = components["schemas"]["Task"];

const baseUrl = process.argv[2] ?? "";
const user = { name: "Ada", email: `ada-${Date.now()}@example.com`, password: "a password of Ada's" };
const anybody = createClient<paths>({ baseUrl });

/** The body of an answer, or the sentence of the problem. */
function good<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (!answer.response.ok || answer.data === undefined || answer.data === null) {
    throw new Error(`${answer.response.status} from ${answer.response.url}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

function same(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

// The service.
same(good(await anybody.GET("/health")).status, "ok");
same(good(await anybody.GET("/health/ready")).status, "ok");
same(good(await anybody.GET("/health/pool")).waiting, 0);

// An account.
good(await anybody.POST("/api/auth/sign-up/email", { body: user }));
const signedIn = good(await anybody.POST("/api/auth/sign-in/email", { body: user }));
const session = { Authorization: `Bearer ${signedIn.token}` };
same(good(await anybody.GET("/api/auth/get-session", { headers: session })).user.email, user.email);
const changed = await anybody.POST("/api/auth/change-password", {
  headers: session,
  body: { currentPassword: user.password, newPassword: "another password" },
});
same(good(changed).user.email, user.email);
const jwt = good(await anybody.GET("/api/auth/token", { headers: session })).token;
same(good(await anybody.GET("/api/auth/jwks")).keys.length, 1);

// Tasks.
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${jwt}` } });
const me = good(await client.GET("/api/me"));
same(good(await client.POST("/api/me/event-ticket")).ticket.length > 43, true);
const mine = { user_id: me.id };
same(good(await client.PATCH("/api/me", { body: { time_zone: "Europe/Berlin" } })).week_start, "monday");

const made = await client.POST("/api/{user_id}/tasks", {
  params: { path: mine },
  body: { title: "Buy groceries", description: "Milk" },
});
const task: Task = good(made);
const one = { path: { ...mine, id: task.id } };
same(made.response.headers.get("location"), `/api/${me.id}/tasks/${task.id}`);
same(good(await client.GET("/api/{user_id}/tasks/{id}", { params: one })).description, "Milk");
const quick = await client.POST("/api/{user_id}/tasks/quick", {
  params: { path: mine },
  body: { text: "Call mom tomorrow", dry_run: true },
});
const understood = good(quick);
same("task" in understood && understood.task.title, "Call mom");
const edited = await client.PUT("/api/{user_id}/tasks/{id}", {
  params: { ...one, header: { "If-Match": made.response.headers.get("etag") ?? "" } },
  body: { description: null },
});
same(good(edited).description, null);
const planned = await client.PATCH("/api/{user_id}/tasks/{id}", {
  params: one,
  body: { priority: "high", due: { date: "2026-12-01", time: "17:00", time_zone: "Europe/Berlin" }, start: null },
});
same(good(planned).due?.time_zone, "Europe/Berlin");
same(good(await client.PATCH("/api/{user_id}/tasks/{id}/complete", { params: one })).status, "complete");
const complete = await client.GET("/api/{user_id}/tasks", {
  params: { path: mine, query: { status: "complete", limit: 10 } },
});
same(good(complete).length, 1);
same(good(await client.PATCH("/api/{user_id}/tasks/{id}/incomplete", { params: one })).status, "incomplete");
const refused = await client.PATCH("/api/{user_id}/tasks/{id}/complete", {
  params: { path: { ...mine, id: task.id + 1000 } },
});
same(refused.error?.error, "Task not found");

const batch = await client.POST("/api/{user_id}/batch", {
  params: { path: mine },
  body: {
    atomic: true,
    operations: [
      { op: "create", ref: "a", task: { title: "Call mum" } },
      { op: "complete", id: { ref: "a" } },
    ],
  },
});
same(good(batch).results.length, 2);

// Lists, labels, and where tasks are.
const list = good(await client.POST("/api/{user_id}/lists", { params: { path: mine }, body: { name: "Home", icon: "🏠" } }));
const ofList = { path: { ...mine, id: list.id } };
same(good(await client.GET("/api/{user_id}/lists/{id}", { params: ofList })).icon, "🏠");
const renamed = await client.PATCH("/api/{user_id}/lists/{id}", { params: ofList, body: { name: "House", icon: null } });
same(good(renamed).name, "House");
same(good(await client.POST("/api/{user_id}/lists/{id}/move", { params: ofList, body: { to: "first" } })).id, list.id);
same(good(await client.GET("/api/{user_id}/lists", { params: { path: mine } })).length, 1);
same(good(await client.GET("/api/{user_id}/lists/{id}/history", { params: ofList }))[0]?.kind, "updated");
const label = good(await client.POST("/api/{user_id}/labels", { params: { path: mine }, body: { name: "errands" } }));
const ofLabel = { path: { ...mine, id: label.id } };
same(good(await client.GET("/api/{user_id}/labels/{id}", { params: ofLabel })).name, "errands");
const moved = await client.POST("/api/{user_id}/tasks/{id}/move", { params: one, body: { list_id: list.id } });
same(good(moved).list_id, list.id);
const labelled = await client.PATCH("/api/{user_id}/tasks/{id}", { params: one, body: { add_labels: ["Errands"] } });
same(good(labelled).labels?.[0], "errands");
const found = await client.GET("/api/{user_id}/tasks", {
  params: { path: mine, query: { list: list.id, label: "errands" } },
});
same(good(found).length, 1);
same(
  good(await client.PATCH("/api/{user_id}/labels/{id}", { params: ofLabel, body: { name: "shopping" } })).name,
  "shopping",
);
same(good(await client.POST("/api/{user_id}/labels/{id}/move", { params: ofLabel, body: {} })).name, "shopping");
same(good(await client.GET("/api/{user_id}/labels", { params: { path: mine } }))[0]?.name, "shopping");
same(good(await client.GET("/api/{user_id}/labels/{id}/history", { params: ofLabel }))[0]?.kind, "updated");
const urgent = good(
  await client.POST("/api/{user_id}/filters", {
    params: { path: mine },
    body: { name: "Urgent", filter: "p1 & #House", sort: "-priority,due" },
  }),
);
const ofFilter = { path: { ...mine, id: urgent.id } };
same(good(await client.GET("/api/{user_id}/filters/{id}", { params: ofFilter })).filter, "p1 & #House");
same(
  good(await client.PATCH("/api/{user_id}/filters/{id}", { params: ofFilter, body: { filter: "P1" } })).filter,
  "P1",
);
const parsed = await client.POST("/api/{user_id}/filters/parse", { params: { path: mine }, body: { filter: "(P1)" } });
same(good(parsed).filter, "p1");
const wrong = await client.POST("/api/{user_id}/filters/parse", { params: { path: mine }, body: { filter: "p1 & p9" } });
same(wrong.error?.errors?.[0]?.column, 6);
same(good(await client.POST("/api/{user_id}/filters/{id}/move", { params: ofFilter, body: {} })).name, "Urgent");
same(good(await client.GET("/api/{user_id}/filters", { params: { path: mine } })).length, 1);
same(good(await client.GET("/api/{user_id}/filters/{id}/history", { params: ofFilter }))[0]?.kind, "updated");
same((await client.DELETE("/api/{user_id}/filters/{id}", { params: ofFilter })).response.status, 204);
const chosen = await client.GET("/api/{user_id}/tasks", {
  params: { path: mine, query: { filter: "#House", search: "groc", sort: "due", time_zone: "Europe/Berlin" } },
});
same(good(chosen).length, 1);
same((await client.DELETE("/api/{user_id}/labels/{id}", { params: ofLabel })).response.status, 204);
const emptied = await client.DELETE("/api/{user_id}/lists/{id}", {
  params: { ...ofList, query: { tasks: "keep" } },
});
same(emptied.response.status, 204);

const undone = await client.POST("/api/{user_id}/undo", {
  params: { path: mine },
  body: { revision: Number(emptied.response.headers.get("x-revision")) },
});
same(good(undone).undone[0]?.type, "task");

// A task that recurs.
const weekly = good(
  await client.POST("/api/{user_id}/tasks", {
    params: { path: mine },
    body: { title: "Water", due: { date: "2025-11-20" }, recurrence: { rule: "FREQ=WEEKLY", basis: "completion" } },
  }),
);
same(weekly.recurrence?.anchor, "2025-11-20");
const ofWeekly = { path: { ...mine, id: weekly.id } };
const watered = await client.PATCH("/api/{user_id}/tasks/{id}/complete", {
  params: ofWeekly,
  body: { occurrence: "2025-11-20", completed_at: "2025-11-21T09:00:00Z", time_zone: "Europe/Berlin" },
});
same(good(watered).due?.date, "2025-11-28");
same(good(watered).completed_occurrence?.due.date, "2025-11-20");
same(good(await client.POST("/api/{user_id}/tasks/{id}/skip", { params: ofWeekly })).status, "incomplete");
const ahead = await client.GET("/api/{user_id}/tasks/{id}/occurrences", { params: { ...ofWeekly, query: { limit: 2 } } });
same(good(ahead).length, 2);
const past = await client.GET("/api/{user_id}/completed", { params: { path: mine, query: { from: "2025-11-21" } } });
same(good(past).at(-1)?.occurrence, "2025-11-20");
same((await client.DELETE("/api/{user_id}/tasks/{id}", { params: ofWeekly })).response.status, 204);

// What changed.
const copy = good(await client.GET("/api/{user_id}/sync", { params: { path: mine } }));
same(copy.tasks.length, 2);
const history = good(await client.GET("/api/{user_id}/tasks/{id}/history", { params: one }));
same(history.at(-1)?.kind, "created");
const stream = await client.GET("/api/{user_id}/events", {
  params: { path: mine, header: { "Last-Event-ID": copy.cursor } },
  parseAs: "stream",
});
const events = good(stream).getReader();
same((await client.DELETE("/api/{user_id}/tasks/{id}", { params: one })).response.status, 204);
let heard = "";
while (!heard.includes('"kind":"deleted"')) {
  const part = await events.read();
  if (part.done) throw new Error(`the stream ended after ${heard}`);
  heard += new TextDecoder().decode(part.value);
}
await events.cancel();

// The trash.
const trash = good(await client.GET("/api/{user_id}/trash", { params: { path: mine, query: { limit: 10 } } }));
same(trash[0]?.object.id, task.id);
const inTrash = { path: { ...mine, type: "task" as const, id: task.id } };
same(good(await client.POST("/api/{user_id}/trash/{type}/{id}/restore", { params: inTrash })).id, task.id);
const thrownAway = await client.DELETE("/api/{user_id}/tasks/{id}", { params: one });
same(Number(thrownAway.response.headers.get("x-revision")) > 0, true);
same((await client.DELETE("/api/{user_id}/trash/{type}/{id}", { params: inTrash })).response.status, 204);
same((await client.DELETE("/api/{user_id}/trash", { params: { path: mine } })).response.status, 204);

// A script's token, and the end.
const token = good(await client.POST("/api/me/tokens", { body: { name: "script", scopes: ["tasks:read"] } }));
const script = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token.token}` } });
same(good(await script.GET("/api/{user_id}/tasks", { params: { path: { user_id: "me" } } })).length, 1);
same(good(await client.GET("/api/me/tokens")).length, 1);
const revoked = await client.DELETE("/api/me/tokens/{id}", { params: { path: { id: token.id } } });
same(revoked.response.status, 204);
same(good(await anybody.GET("/api/auth/list-sessions", { headers: session }))[0]?.userId, me.id);
good(await anybody.POST("/api/auth/revoke-session", { headers: session, body: { token: "1" } }));
good(await anybody.POST("/api/auth/revoke-other-sessions", { headers: session }));
good(await anybody.POST("/api/auth/sign-out", { headers: session }));
const again = good(await anybody.POST("/api/auth/sign-in/email", { body: { ...user, password: "another password" } }));
good(await anybody.POST("/api/auth/revoke-sessions", { headers: { Authorization: `Bearer ${again.token}` } }));
same((await client.DELETE("/api/me")).response.status, 204);

console.log("done");
