// The Doable that the tests run against: `make test` starts it, and names it in DOABLE_URL.

import { createHmac, randomUUID } from "node:crypto";

export const url = named("DOABLE_URL");

/** How much a property test does: a little in `make test`, all of it in `make faults`. */
export function rounds(few: number, full: number): number {
  return process.env["ROUNDS"] === "full" ? full : few;
}

/** A user that no other test has. */
export function newUser(): string {
  return `user-${randomUUID()}`;
}

/** A token as Better Auth issues them when it signs with its secret. */
export function tokenOf(user: string, seconds = 3600): string {
  const now = Math.floor(Date.now() / 1000);
  const text = [
    { alg: "HS256", typ: "JWT" },
    { sub: user, iat: now, exp: now + seconds },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${createHmac("sha256", named("SECRET")).update(text).digest("base64url")}`;
}

function named(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`Set ${variable}, as tests/interop/test_typescript_client.py does`);
  return value;
}
