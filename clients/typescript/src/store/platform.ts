// What the store uses of the place where it runs. Each part can be missing.

export type Channel = Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;

export interface Platform {
  readonly indexedDB: IDBFactory | undefined;
  readonly locks: LockManager | undefined;
  channel(name: string): Channel | undefined;
  isVisible(): boolean;
  /** Run a function when the page is shown, or the network comes or goes. Returns what ends it. */
  onWake(run: () => void): () => void;
  /** From 0 to 1: which part of the longest wait comes before the next attempt. */
  random(): number;
  /** How long a leader may be silent, in milliseconds, before another tab takes over. */
  readonly patience: number;
}

export function ownPlatform(): Platform {
  return {
    indexedDB: globalThis.indexedDB,
    locks: globalThis.navigator?.locks,
    channel: (name) => {
      if (typeof BroadcastChannel === "undefined") return undefined;
      const channel = new BroadcastChannel(name);
      release(channel);
      return channel;
    },
    isVisible: () => globalThis.document?.visibilityState !== "hidden",
    onWake,
    random: Math.random,
    patience: 10_000,
  };
}

function onWake(run: () => void): () => void {
  const { window, document } = globalThis;
  const look = (): void => void (document.visibilityState === "visible" && run());
  window?.addEventListener("online", run);
  window?.addEventListener("offline", run);
  document?.addEventListener("visibilitychange", look);
  return () => {
    window?.removeEventListener("online", run);
    window?.removeEventListener("offline", run);
    document?.removeEventListener("visibilitychange", look);
  };
}

/** In Node, neither a timer nor a channel of the store keeps the process running. */
export function release(one: unknown): void {
  if (typeof one === "object" && one !== null && "unref" in one && typeof one.unref === "function") one.unref();
}

/** Wait, unless one of the signals ends it. */
export function sleep(milliseconds: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    release(timer);
    for (const signal of signals) signal.addEventListener("abort", done);
    if (signals.some((signal) => signal.aborted)) done();
  });
}
