// Better Auth: accounts with e-mail and password, in the schema "auth" of the database that Doable uses too.

import { betterAuth } from "better-auth";
import { nextCookies } from "better-auth/next-js";
import { jwt } from "better-auth/plugins";
import { PostgresDialect } from "kysely";
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

export const auth = betterAuth({
  database: { dialect: new PostgresDialect({ pool }), type: "postgres", schemaName: "auth" },
  emailAndPassword: { enabled: true },
  plugins: [jwt(), nextCookies()], // `jwt` makes the tokens for Doable. `nextCookies` comes last.
});
