/** Guards a connection: it is given up when nothing is heard for a while, and when the caller's signal is aborted. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #silenceMs: number;

  constructor(silenceMs: number, outer?: AbortSignal) {
    this.#silenceMs = silenceMs;
    if (!outer) return;
    const follow = () => this.#controller.abort(outer.reason);
    if (outer.aborted) follow();
    else outer.addEventListener("abort", follow, { signal: this.signal });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Wait for a sign of life. Between two calls, the clock stands still. */
  async hear<T>(sign: Promise<T>): Promise<T> {
    const silent = new DOMException(`Nothing was heard for ${this.#silenceMs} ms`, "TimeoutError");
    const timer = setTimeout(() => this.#controller.abort(silent), this.#silenceMs);
    try {
      return await unlessAborted(sign, this.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async *chunks(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    while (reader) {
      const part = await this.hear(reader.read());
      if (part.done) return;
      yield part.value;
    }
  }

  async text(response: Response): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of this.chunks(response)) text += decoder.decode(chunk, { stream: true });
    return text + decoder.decode();
  }

  /** Let go of the connection. */
  close(): void {
    this.#controller.abort();
  }
}

export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
