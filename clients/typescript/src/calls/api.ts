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
type OperationOf<M extends Method, P extends keyof paths> = paths[P] extends Record<M, infer O extends Operation> ? O : never;

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

type TypedCall<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...input: object extends Input<OperationOf<M, P>> ? [input?: Input<OperationOf<M, P>>] : [input: Input<OperationOf<M, P>>]
) => Promise<Success<Output<OperationOf<M, P>>>>;

/** A call for each operation of the service, by its path below /api/me. It throws what `send` throws, and `Refused`. */
export type TypedApi = { readonly [M in Method]: TypedCall<M> };

interface AnyInput extends Pick<Call, "key" | "ifMatch" | "signal"> {
  readonly path?: object;
  readonly query?: object;
  readonly body?: unknown;
}

export function createApi(send: (call: Call) => Promise<Answer>): TypedApi {
  const call =
    (method: string) =>
    async (template: string, { path = {}, query = {}, body, ...rest }: AnyInput = {}): Promise<Answer> => {
      const answer = await send({
        ...rest,
        method,
        path: filled(template, path) + queryOf(query),
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (answer.status >= 400 && isProblem(answer.body)) throw new Refused(answer.body);
      return answer;
    };
  // The types are those of the service's document, and its tests hold the service to it.
  return { get: call("GET"), put: call("PUT"), post: call("POST"), patch: call("PATCH"), delete: call("DELETE") } as TypedApi;
}

function filled(template: string, path: object): string {
  const values = new Map<string, unknown>(Object.entries(path));
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
}

function queryOf(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
