import type { ChangeEvent, Problem } from "./openapi.ts";

export function isProblem(body: unknown): body is Problem {
  return has(body, { status: "number", code: "string", error: "string" });
}

/** Later versions of the service can have types and kinds that ours does not know. */
export function isChangeEvent(data: unknown): data is ChangeEvent {
  return has(data, { revision: "number", type: "string", kind: "string", actor: "string" });
}

function has(value: unknown, members: Record<string, "number" | "string">): boolean {
  if (typeof value !== "object" || value === null) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  return Object.entries(members).every(([name, type]) => typeof found.get(name) === type);
}
