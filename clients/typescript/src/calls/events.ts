import { isChangeEvent, isProblem } from "./checks.ts";
import { CursorExpired, Refused, Unreachable } from "./errors.ts";
import type { ChangeEvent } from "./openapi.ts";
import { type Block, EventParser } from "./parser.ts";
import { answerOf, failure, mediaType, type Transport } from "./transport.ts";
import type { Watch } from "./watch.ts";

/** A change, and the cursor with which a stream begins after it. Never pass this cursor to a sync. */
export type Change = ChangeEvent & { readonly cursor: string };

/**
 * One connection of the stream of changes, from `cursor` on. It gives a "heartbeat" when it is open, and then at least every 15
 * seconds. It never ends well: it throws `Unreachable` when it ends or falls silent, and `CursorExpired` or another `Refused`.
 */
export async function* events(
  transport: Transport,
  cursor: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change | "heartbeat", never> {
  const headers = new Headers({ accept: "text/event-stream" });
  if (cursor !== undefined) headers.set("last-event-id", cursor);
  const parser = new EventParser();
  const watch = transport.watch(signal);
  try {
    const response = await transport.open({ method: "GET", path: "/events" }, headers, watch);
    await requireStream(response, watch);
    yield "heartbeat";
    for await (const chunk of watch.chunks(response)) {
      for (const block of parser.push(chunk)) {
        const change = changeOf(block);
        if (change) yield change;
      }
    }
    throw new Unreachable("The event stream ended", { retryAfterMs: parser.retry });
  } catch (error) {
    throw failure(error, signal, parser.retry);
  } finally {
    watch.close();
  }
}

async function requireStream(response: Response, watch: Watch): Promise<void> {
  if (response.status === 200 && mediaType(response) === "text/event-stream") return;
  const { status, body } = answerOf(response, await watch.text(response));
  if (!isProblem(body)) throw new Unreachable("The response is no event stream", { status });
  throw body.code === "cursor_expired" ? new CursorExpired(body) : new Refused(body);
}

function changeOf(block: Block): Change | "heartbeat" | undefined {
  if (block.type === "comment") return "heartbeat";
  if (block.name !== "change") return undefined;
  const data: unknown = JSON.parse(block.data);
  if (!isChangeEvent(data)) throw new Unreachable("An event is no change");
  return { ...data, cursor: block.id };
}
