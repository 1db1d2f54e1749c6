// Writes src/calls/openapi.ts: the types of our OpenAPI document, which comes on the standard input.

import { writeFileSync } from "node:fs";
import { json } from "node:stream/consumers";
import openapiTypescript, { astToString } from "openapi-typescript";

const HEAD = `// Generated from the OpenAPI document of the service. Do not edit it: run \`make client-types\`.

`;

/** The operations of the signed-in user, by their paths below /api/me. Events have a call of their own. */
function ownPaths(paths) {
  const own = {};
  for (const [path, { ...item }] of Object.entries(paths)) {
    const below = /^\/api\/(?:\{user_id\}|me)(\/.*|)$/.exec(path)?.[1];
    if (below === undefined || below === "/events") continue;
    for (const [method, operation] of Object.entries(item)) item[method] = slim(operation);
    own[below] = item;
  }
  return own;
}

/** All errors have one schema. */
function slim({ operationId: _, responses, parameters = [], ...operation }) {
  const final = Object.entries(responses).filter(([status]) => status < "300");
  return {
    ...operation,
    parameters: parameters.filter(({ name }) => name !== "user_id"),
    responses: Object.fromEntries(final.map(([status, { headers: _, ...response }]) => [status, response])),
  };
}

function withoutExamples(node) {
  if (Array.isArray(node)) return node.map(withoutExamples);
  if (node === null || typeof node !== "object") return node;
  const members = Object.entries(node).filter(([name]) => !name.startsWith("example"));
  return Object.fromEntries(members.map(([name, value]) => [name, withoutExamples(value)]));
}

const document = withoutExamples(await json(process.stdin));
document.paths = ownPaths(document.paths);
const nodes = await openapiTypescript(JSON.stringify(document), { rootTypes: true, rootTypesNoSchemaPrefix: true });
writeFileSync(process.argv[2] ?? new URL("../src/calls/openapi.ts", import.meta.url), HEAD + astToString(nodes));
