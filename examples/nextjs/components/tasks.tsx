"use client";

import type { Change } from "doable-client";
import type { Task } from "doable-client/calls";
import { useLive, useStore } from "doable-client/react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { authClient } from "@/lib/auth-client";
import { openStore } from "@/lib/store";

interface Props {
  user: { id: string; name: string };
  first: Task[]; // as the server rendered them
}

export function Tasks({ user, first }: Props) {
  const router = useRouter();
  const store = useStore(openStore, user.id);
  const tasks = useLive(store?.tasks.query(), first);
  const status = useLive(store?.status, undefined);
  const conflicts = useLive(store?.conflicts, []);
  const [deleted, setDeleted] = useState<Change>();

  function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get("title")).trim();
    if (title) store?.tasks.add({ title });
    event.currentTarget.reset();
  }

  function rename(ref: string | number, old: string, title: string) {
    if (title.trim() && title.trim() !== old) store?.tasks.update(ref, { title });
  }

  async function signOut() {
    const waiting = status?.waiting ?? 0;
    if (waiting > 0 && !confirm(`${waiting} changes are not sent yet. Lose them?`)) return;
    await store?.signOut("discard");
    await authClient.signOut();
    router.push("/sign-in");
  }

  return (
    <main>
      <header>
        <h1>Tasks</h1>
        <span className="faint" role="status">
          {status?.phase === "offline" ? "Offline: changes wait here" : status?.waiting ? "Saving …" : ""}
        </span>
        <span className="faint">
          {user.name} ·{" "}
          <button className="link" onClick={signOut}>
            Sign out
          </button>
        </span>
      </header>
      <form onSubmit={add}>
        <input name="title" aria-label="New task" placeholder="What is to do?" autoComplete="off" maxLength={255} disabled={!store} />
      </form>
      {tasks.length === 0 && <p className="empty">All done. Enjoy your day.</p>}
      {tasks.length > 0 && (
        <ul className="tasks">
          {tasks.map((task) => {
            const ref = task.uid ?? task.id ?? 0;
            const isDone = task.status === "complete";
            return (
              <li key={ref}>
                <input
                  type="checkbox"
                  aria-label={`Done: ${task.title}`}
                  checked={isDone}
                  onChange={() => (isDone ? store?.tasks.reopen(ref) : store?.tasks.complete(ref))}
                />
                <input
                  key={task.title}
                  className={isDone ? "done" : undefined}
                  aria-label="Title"
                  defaultValue={task.title}
                  maxLength={255}
                  onBlur={(event) => rename(ref, task.title, event.target.value)}
                  onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
                />
                <button aria-label={`Delete ${task.title}`} onClick={() => setDeleted(store?.tasks.remove(ref))}>
                  ✕
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {conflicts.map((conflict) => (
        <p key={conflict.id} role="alert">
          {conflict.error.error}{" "}
          <button className="link" onClick={() => conflict.keepMine()}>
            Keep mine
          </button>{" "}
          <button className="link" onClick={() => conflict.keepTheirs()}>
            Keep theirs
          </button>
        </p>
      ))}
      {deleted && (
        <p className="toast" role="status">
          Deleted
          <button
            onClick={() => {
              store?.undo(deleted);
              setDeleted(undefined);
            }}
          >
            Undo
          </button>
          <button aria-label="Close" onClick={() => setDeleted(undefined)}>
            ✕
          </button>
        </p>
      )}
    </main>
  );
}
