import { expect, expectTypeOf, test } from "vitest";

import { type Change, createCalls, type ErrorCode, type FaultCode, Refused, type Task } from "../../src/calls/index.ts";
import { newUser, tokenOf, url } from "../service.ts";

const user = newUser();
const { api } = createCalls({ url, token: async () => tokenOf(user) });

test("A call has the types of its operation", async () => {
  const made = await api.post("/tasks", { body: { title: "Milk", priority: "high" } });
  expectTypeOf(made.body).toEqualTypeOf<Task>();
  expect(made.body).toMatchObject({ title: "Milk", priority: "high", user_id: user });

  const { id, revision } = made.body;
  const patched = await api.patch("/tasks/{id}", {
    path: { id },
    body: { due: { date: "2026-12-01" } },
    ifMatch: revision,
  });
  expect(patched.body.due?.date).toBe("2026-12-01");

  const listed = await api.get("/tasks", { query: { status: "incomplete", limit: 1, filter: "p1 & search: milk" } });
  expect(listed.body.map((task) => task.id)).toEqual([id]);
  // @ts-expect-error Others can allow undefined in their settings of TypeScript.
  expect((await api.get("/tasks", { query: { status: undefined } })).body).toHaveLength(1);
  expect((await api.get("")).body.id).toBe(user);

  const gone = await api.delete("/tasks/{id}", { path: { id } });
  expectTypeOf(gone.body).toEqualTypeOf<undefined>();
  expect(gone.status).toBe(204);
});

test("All pages of a list come one after the other", async () => {
  for (const title of ["1", "2", "3", "4", "5"]) await api.post("/tasks", { body: { title, labels: ["a & b"] } });
  const found: string[][] = [];
  for await (const page of api.pages("/tasks", { query: { limit: 2, label: "a & b", sort: "title" } })) {
    expectTypeOf(page).toEqualTypeOf<Task[]>();
    found.push(page.map(({ title }) => title));
  }
  expect(found).toEqual([["1", "2"], ["3", "4"], ["5"]]);

  for await (const page of api.pages("/labels")) expect(page.map(({ name }) => name)).toEqual(["a & b"]);
});

test("What the service refuses is thrown, with its code", async () => {
  const error = await api.post("/tasks", { body: { title: " " } }).catch((reason: unknown) => reason);
  if (!(error instanceof Refused)) throw error;
  expect(error.message).toBe("Title is required");
  expect(error.problem.errors?.[0]).toMatchObject({ field: "title", code: "required" });
});

test("The types refuse what the service would refuse", () => {
  // @ts-expect-error There is no such path.
  void (() => api.get("/nothing"));
  // @ts-expect-error The path has an id.
  void (() => api.get("/tasks/{id}"));
  // @ts-expect-error A title is a text.
  void (() => api.post("/tasks", { body: { title: 1 } }));
  // @ts-expect-error A new task needs a body.
  void (() => api.post("/tasks"));
  // @ts-expect-error There is no such parameter.
  void (() => api.get("/tasks", { query: { page: 1 } }));
  // @ts-expect-error The response to it holds a secret, so it takes no key.
  void (() => api.post("/tokens", { body: { name: "x" }, key: "k" }));
  // @ts-expect-error There is no revision to match yet.
  void (() => api.post("/tasks", { body: { title: "x" }, ifMatch: 1 }));
  expectTypeOf<"cursor_expired">().toExtend<ErrorCode>();
  expectTypeOf<"sleepy">().not.toExtend<ErrorCode>();
  expectTypeOf<"unknown_parameter">().toExtend<FaultCode>();
  expectTypeOf<Change["type"]>().toEqualTypeOf<"task" | "list" | "label" | "filter" | "user">();
});
