// Web Locks, which Node does not have: exclusive locks that can be stolen.

interface Held {
  readonly end: (error: Error) => void;
}

export class Locks {
  private held: Held | undefined;
  private readonly queue: (() => void)[] = [];

  readonly manager: LockManager = Object.create(null, {
    request: { value: (_: string, options: LockOptions, work: () => Promise<void>) => this.request(options, work) },
  });

  private request({ steal = false, signal }: LockOptions, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        if (signal?.aborted) return this.next();
        const own: Held = { end: reject };
        this.held = own;
        void work().then(() => {
          resolve();
          if (this.held !== own) return;
          this.held = undefined;
          this.next();
        });
      };
      signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      if (steal) this.held?.end(new DOMException("", "AbortError"));
      if (steal || !this.held) return run();
      this.queue.push(run);
    });
  }

  private next(): void {
    this.queue.shift()?.();
  }
}
