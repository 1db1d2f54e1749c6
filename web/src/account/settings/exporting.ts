// Everything that the service has of a person, as one file. `doable export` writes more: the history and the sessions.

import { calls } from "../../app/store.svelte.ts";

const PAGE = 500;

/** `onprogress` gets the number of objects so far. Each page goes to the browser, which keeps it out of the heap. */
export async function exportAll(onprogress: (count: number) => void): Promise<Blob> {
  const { api } = calls();
  const query = { limit: PAGE };
  const types = {
    lists: api.pages("/lists"),
    labels: api.pages("/labels"),
    filters: api.pages("/filters"),
    tasks: api.pages("/tasks", { query }),
    completed: api.pages("/completed", { query }),
    trash: api.pages("/trash", { query }),
  };
  const { body: user } = await api.get("");
  const parts = [new Blob([`{"exported_at":${text(new Date())},\n"user":${text(user)}`])];
  let count = 0;
  for (const [name, pages] of Object.entries(types)) {
    parts.push(new Blob([`,\n"${name}":[`]));
    let separator = "\n";
    for await (const rows of pages as AsyncIterable<readonly unknown[]>) {
      if (!rows.length) continue;
      parts.push(new Blob([separator, rows.map(text).join(",\n")]));
      separator = ",\n";
      onprogress((count += rows.length));
    }
    parts.push(new Blob(["]"]));
  }
  return new Blob([...parts, "}\n"], { type: "application/json" });
}

export function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const text = (value: unknown): string => JSON.stringify(value);
