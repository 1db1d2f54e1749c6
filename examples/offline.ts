// A client that works offline. It keeps a copy of everything and a queue of pending writes (docs/sync.md).

export type Thing = { id: number | string; [field: string]: unknown };
export type Kind = "tasks" | "lists" | "labels" | "filters";
type Write = { key: string; method: string; path: string; body?: object };
type State = { copy: Record<string, Record<string, Thing>>; cursor: string; queue: Write[] };
type Store = { load(): string | null; save(state: string): void };
type Result = { status: number; result: any };

export class Client {
  private state: State;

  // `store` keeps one string, as localStorage does. It saves all in one step, because the parts belong together.
  constructor(private url: string, private token: string, private store: Store) {
    this.state = JSON.parse(store.load() ?? '{"copy": {}, "cursor": "", "queue": []}');
  }

  tasks(): Thing[] {
    return this.objects("tasks");
  }

  // The copy, with the pending writes applied. An object that was not created yet has its key as its id.
  objects(kind: Kind): Thing[] {
    const objects = { ...this.state.copy[kind] };
    for (const { key, method, path, body } of this.state.queue) {
      const [, of, id = "", action] = path.split("/");
      if (of !== kind || action === "move") continue; // The service knows the new order.
      const one = objects[id];
      if (method === "POST") objects[key] = { id: key, ...(kind === "tasks" && { status: "incomplete" }), ...body };
      else if (method === "DELETE") delete objects[id];
      else if (one) objects[id] = { ...one, ...(action ? { status: action } : body) };
    }
    return Object.values(objects);
  }

  // Queue a write for the next sync, such as `write("POST", "/tasks", { title: "Milk" })`. Returns its key.
  write(method: string, path: string, body?: object): string {
    const key = crypto.randomUUID();
    this.state.queue.push({ key, method, path, body });
    this.save();
    return key;
  }

  // Send the queue, then fetch the changes. Returns the errors of rejected writes. If it throws, try again later.
  async sync(): Promise<string[]> {
    const { queue } = this.state;
    const refused: string[] = [];
    for (let write = queue[0]; write; write = queue[0]) {
      const { status, result } = await this.request(write.method, write.path, write.body, write.key);
      if (status >= 400) refused.push(result.error);
      for (const later of queue) {
        later.path = later.path.replace(write.key, result.id); // Later writes use the id of the created object.
        later.body &&= JSON.parse(JSON.stringify(later.body).replaceAll(`"${write.key}"`, result.id));
      }
      queue.shift();
      this.save();
    }
    for (let more = true; more; ) {
      const { cursor } = this.state;
      const { status, result } = await this.request("GET", cursor ? `/sync?cursor=${cursor}` : "/sync");
      if (status === 410) {
        Object.assign(this.state, { copy: {}, cursor: "" }); // The cursor has expired: start again without a copy.
        continue;
      }
      for (const gone of result.removed) delete this.state.copy[`${gone.type}s`]?.[gone.id];
      for (const kind of ["tasks", "lists", "labels", "filters"]) {
        for (const one of result[kind]) (this.state.copy[kind] ??= {})[one.id] = one;
      }
      this.state.cursor = result.cursor;
      more = result.has_more;
      this.save();
    }
    return refused;
  }

  // Sync now, and again whenever something changes.
  async *follow(): AsyncGenerator<string[]> {
    for (;;) {
      try {
        yield await this.sync();
        const events = await this.open("GET", `/events?cursor=${this.state.cursor}`);
        if (!events.ok || !events.body) throw new Error(`Not now: ${events.status}`);
        for await (const part of events.body.pipeThrough(new TextDecoderStream())) {
          if (part !== ":\n\n") yield await this.sync(); // Do not sync after a heartbeat.
        }
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  private async request(method: string, path: string, body?: object, key?: string): Promise<Result> {
    const response = await this.open(method, path, body, key);
    const { status } = response;
    // The write may still succeed later, so it stays in the queue.
    if ([401, 403, 408, 409, 429].includes(status) || status >= 500) throw new Error(`Not now: ${status}`);
    return { status, result: JSON.parse((await response.text()) || "{}") };
  }

  private open(method: string, path: string, body?: object, key?: string): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    if (key) headers["idempotency-key"] = `"${key}"`;
    return fetch(`${this.url}/api/me${path}`, { method, headers, body: body && JSON.stringify(body) });
  }

  private save(): void {
    this.store.save(JSON.stringify(this.state));
  }
}
