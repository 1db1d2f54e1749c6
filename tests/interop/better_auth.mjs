// A Better Auth server as its users set it up: `node better_auth.mjs jwks` signs with its own keys (EdDSA), as it does
// when nothing is said; `node better_auth.mjs secret` signs HS256 with BETTER_AUTH_SECRET, as tutorials that share
// the secret with a back end do. It says where it is on its first line. A test puts the sessions that it wants at
// /test/sessions, and reads there which are left.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { bearer, jwt } from "better-auth/plugins";
import { SignJWT } from "jose";

const secret = process.env.BETTER_AUTH_SECRET;

const shared = {
  jwks: { remoteUrl: "https://unused.invalid/jwks", keyPairConfig: { alg: "HS256" } },
  jwt: {
    sign: (payload) =>
      new SignJWT(payload).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret)),
  },
};

const tables = { user: [], session: [], account: [], verification: [], jwks: [] };
const times = ["createdAt", "updatedAt", "expiresAt"];

async function sessions(request, response) {
  if (request.method === "PUT") {
    const wanted = await json(request);
    for (const session of wanted) for (const time of times) session[time] = new Date(session[time]);
    tables.session = wanted;
  }
  response.end(JSON.stringify(tables.session.map((session) => session.token)));
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const auth = betterAuth({
    baseURL: url,
    secret,
    database: memoryAdapter(tables),
    emailAndPassword: {
      enabled: true,
      password: { hash: async (password) => password, verify: async ({ hash, password }) => hash === password },
    },
    telemetry: { enabled: false },
    plugins: [bearer(), jwt(process.argv[2] === "secret" ? shared : undefined)],
  });
  const handler = toNodeHandler(auth);
  server.on("request", (...call) => (call[0].url === "/test/sessions" ? sessions : handler)(...call));
  console.log(url);
});
