// A Better Auth server as its users set it up: `node better_auth.mjs jwks` signs with its own keys (EdDSA), as it does
// when nothing is said; `node better_auth.mjs secret` signs HS256 with BETTER_AUTH_SECRET, as tutorials that share
// the secret with a back end do. It says where it is on its first line. A test puts the sessions that it wants at
// /test/sessions, and reads there which are left. With PAGE_ORIGIN, pages of this origin may sign people in here.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { bearer, jwt } from "better-auth/plugins";
import { SignJWT } from "jose";

const secret = process.env.BETTER_AUTH_SECRET;
const page = process.env.PAGE_ORIGIN;

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

/** What Better Auth leaves to the program around it. Returns whether the request is answered. */
function allowPage({ method }, response) {
  if (!page) return false;
  response.setHeader("access-control-allow-origin", page);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-allow-headers", "content-type");
  if (method === "OPTIONS") response.end();
  return method === "OPTIONS";
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  // Browsers keep 127.0.0.1 and localhost apart.
  const url = `http://${page ? "localhost" : "127.0.0.1"}:${server.address().port}`;
  const auth = betterAuth({
    baseURL: url,
    secret,
    database: memoryAdapter(tables),
    emailAndPassword: {
      enabled: true,
      password: { hash: async (password) => password, verify: async ({ hash, password }) => hash === password },
    },
    trustedOrigins: page ? [page] : [],
    telemetry: { enabled: false },
    plugins: [bearer(), jwt(process.argv[2] === "secret" ? shared : undefined)],
  });
  const handler = toNodeHandler(auth);
  server.on("request", (...call) => {
    if (!allowPage(...call)) (call[0].url === "/test/sessions" ? sessions : handler)(...call);
  });
  console.log(url);
});
