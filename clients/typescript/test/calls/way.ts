// A way to the service on which things go wrong, as proxies, networks and captive portals make them go wrong.

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { url as service } from "../service.ts";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The caller closed the connection. */
  readonly closed: Promise<void>;
}

/** What happens to one request: `forward` sends it to the service, and gives its response. */
export type Fault = (response: ServerResponse, forward: () => Promise<IncomingMessage>) => void | Promise<void>;

export class Way implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly #faults: Fault[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((asked, response) => void this.#serve(asked, response).catch(() => response.destroy()));
  }

  static async open(): Promise<Way> {
    const way = new Way();
    await new Promise<void>((opened) => way.#server.listen(0, "127.0.0.1", opened));
    return way;
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  /** What happens to the next requests. All others go through. */
  next(...faults: Fault[]): void {
    this.#faults.push(...faults);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#faults.shift() ?? pass;
    const body = await buffer(asked);
    const { method = "", url: path = "", headers } = asked;
    const closed = new Promise<void>((resolve) => response.once("close", resolve));
    this.seen.push({ method, path, headers, body: body.toString(), closed });
    await fault(response, () => forwarded({ method, path, headers }, body, response));
  }
}

function forwarded(
  { path, ...how }: { method: string; path: string; headers: IncomingHttpHeaders },
  body: Buffer,
  response: ServerResponse,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const forward = request(service + path, how, resolve).on("error", reject);
    response.once("close", () => forward.destroy());
    forward.end(body);
  });
}

export const pass: Fault = async (response, forward) => {
  const answer = await forward();
  response.writeHead(answer.statusCode ?? 0, answer.headers);
  answer.pipe(response);
};

/** Something else than the service answers. */
export function answers(status: number, headers: Record<string, string>, body = ""): Fault {
  return (response) => void response.writeHead(status, headers).end(body);
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Fault {
  const body = JSON.stringify({ type: "/", title: "", status, detail: "No", error: "No", code });
  return answers(status, { "content-type": "application/problem+json", ...headers }, body);
}

export const loseRequest: Fault = (response) => void response.destroy();

export const loseAnswer: Fault = async (response, forward) => {
  await buffer(await forward());
  response.destroy();
};

export const stall: Fault = () => undefined;

/** Only the first half of the body comes, and then nothing, or the end of the connection. */
export function halve(then: "stall" | "cut"): Fault {
  return async (response, forward) => {
    const answer = await forward();
    const body = await buffer(answer);
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    response.write(body.subarray(0, body.length / 2), () => then === "cut" && response.destroy());
  };
}

/** The service's response after a while. */
export function late(milliseconds: number): Fault {
  return async (response, forward) => {
    await pause(milliseconds);
    await pass(response, forward);
  };
}

/** A stream of these parts, with a pause before each. Then nothing more comes. */
export function streams(pauseMs: number, ...parts: string[]): Fault {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    for (const part of parts) {
      await pause(pauseMs);
      response.write(part);
    }
  };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
