/** An event of the stream, or a comment, which is a sign of life. */
export type Block =
  | { readonly type: "comment" }
  | { readonly type: "event"; readonly name: string; readonly data: string; readonly id: string };

/** Reads a stream of Server-Sent Events, in chunks of any size (HTML standard, §9.2.6). */
export class EventParser {
  /** How long to wait before connecting again, in milliseconds, if the stream says it. */
  retry: number | undefined;
  #id = "";
  #name = "";
  #data: string[] = [];
  #rest = "";
  #endsWithReturn = false;
  readonly #decoder = new TextDecoder();

  /** What these bytes complete. */
  push(bytes: Uint8Array): Block[] {
    return this.#lines(this.#decoder.decode(bytes, { stream: true })).flatMap((line) => this.#read(line));
  }

  #lines(text: string): string[] {
    if (text === "") return [];
    // CR and LF end one line, also if they are in two chunks.
    const more = this.#endsWithReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#endsWithReturn = text.endsWith("\r");
    const lines = (this.#rest + more).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  #read(line: string): Block[] {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return [{ type: "comment" }];
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "event") this.#name = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value);
    return [];
  }

  #dispatch(): Block[] {
    const [name, data] = [this.#name || "message", this.#data];
    this.#name = "";
    this.#data = [];
    return data.length ? [{ type: "event", name, data: data.join("\n"), id: this.#id }] : [];
  }
}
