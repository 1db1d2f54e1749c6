import { isProblem } from "./checks.ts";
import { Refused } from "./errors.ts";
import type { paths } from "./openapi.ts";
import type { Answer, Call } from "./transport.ts";

type Method = "get" | "put" | "post" | "patch" | "delete";

interface Operation {
  parameters: { path?: object; query?: object; header?: object };
  requestBody?: { content: object };
  responses: object;
}

type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, Operation> ? P : never }[keyof paths];
type OperationOf<M extends Method, P extends keyof paths> =
  paths[P] extends Record<M, infer O extends Operation> ? O : never;

type Json<T> = T extends { content: { "application/json": infer B } } ? B : undefined;
type BodyPart<O extends Operation> = [NonNullable<O["requestBody"]>] extends [never]
  ? { body?: never }
  : undefined extends O["requestBody"]
    ? { body?: Json<NonNullable<O["requestBody"]>> }
    : { body: Json<O["requestBody"]> };
type HeaderOf<O extends Operation> = [NonNullable<O["parameters"]["header"]>] extends [never]
  ? never
  : keyof NonNullable<O["parameters"]["header"]>;

/** What an operation takes. `key` is its `Idempotency-Key`; `ifMatch` is the revision that the object must have. */
type Input<O extends Operation> = Pick<O["parameters"], "path" | "query"> &
  BodyPart<O> & {
    key?: "Idempotency-Key" extends HeaderOf<O> ? string : never;
    ifMatch?: "If-Match" extends HeaderOf<O> ? number : never;
    signal?: AbortSignal;
  };
type Output<O extends Operation> = { [S in keyof O["responses"]]: Json<O["responses"][S]> }[keyof O["responses"]];

/** An answer that is no refusal. */
export interface Success<T> extends Answer {
  readonly body: T;
}

type Given<O extends Operation> = object extends Input<O> ? [input?: Input<O>] : [input: Input<O>];
type TypedCall<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...input: Given<OperationOf<M, P>>
) => Promise<Success<Output<OperationOf<M, P>>>>;

type Methods = { readonly [M in Method]: TypedCall<M> };

/** A call for each operation of the service, by its path below /api/me. It throws what `send` throws, and `Refused`. */
export interface TypedApi extends Methods {
  /** The bodies of all pages of a list, for a `limit` in the query. */
  readonly pages: <P extends PathOf<"get">>(
    path: P,
    ...input: Given<OperationOf<"get", P>>
  ) => AsyncIterable<Output<OperationOf<"get", P>>>;
}

interface AnyInput extends Pick<Call, "key" | "ifMatch" | "signal"> {
  readonly path?: object;
  readonly query?: object;
  readonly body?: unknown;
}

export function createApi(send: (call: Call) => Promise<Answer>): TypedApi {
  const call =
    (method: string) =>
    async (template: string, { path = {}, query = {}, body, ...rest }: AnyInput = {}): Promise<Success<never>> => {
      const answer = await send({
        ...rest,
        method,
        path: filled(template, path) + queryOf(query),
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (answer.status >= 400 && isProblem(answer.body)) throw new Refused(answer.body);
      // The types are those of the service's document, and the service's tests hold it to them.
      return { ...answer, body: answer.body as never };
    };
  const get = call("GET");
  async function* pages(template: string, input: AnyInput = {}): AsyncGenerator<never> {
    for (let query = input.query ?? {}, more = true; more;) {
      const { headers, body } = await get(template, { ...input, query });
      yield body;
      query = nextQuery(headers);
      more = Object.keys(query).length > 0;
    }
  }
  return { get, put: call("PUT"), post: call("POST"), patch: call("PATCH"), delete: call("DELETE"), pages };
}

/** The query of the page that the `Link` leads to (RFC 8288); empty after the last one. */
function nextQuery(headers: Headers): object {
  const link = /<([^>]*)>; *rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? "";
  return Object.fromEntries(new URLSearchParams(link.split("?")[1]));
}

function filled(template: string, path: object): string {
  const values = new Map<string, unknown>(Object.entries(path));
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values.get(name)));
}

function queryOf(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
