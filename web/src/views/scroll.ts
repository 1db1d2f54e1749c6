// Where a page was scrolled to: back there after Back and after a reload, to the top in a new view.

const SAVE_AFTER = 150; // milliseconds without scrolling
const PATIENCE = 3000; // milliseconds until the tasks have to be there
const SETTLED = 500; // milliseconds in which the page may become short again, and lose the position
const OWN_WILL = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

let isRestoring = false;

function save(): void {
  if (!isRestoring) history.replaceState({ ...history.state, scroll: scrollY }, "");
}

/** Remember the position of each entry of the history. Returns what stops it. */
export function rememberScroll(): () => void {
  history.scrollRestoration = "manual";
  const stop = new AbortController();
  const { signal } = stop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
  };
  addEventListener("scroll", later, { signal, passive: true });
  addEventListener("pagehide", save, { signal });
  return () => (stop.abort(), clearTimeout(timer));
}

/** Scroll to where this entry of the history was. Tasks come later: it tries until that holds, or the person acts. */
export function restoreScroll(): () => void {
  const wanted = Number(history.state?.scroll ?? 0);
  const end = performance.now() + PATIENCE;
  let since = Infinity; // when it was there
  if (!wanted) {
    scrollTo(0, 0);
    return () => undefined;
  }
  const stop = new AbortController();
  const finish = (): void => {
    isRestoring = false;
    stop.abort();
  };
  const step = (): void => {
    if (stop.signal.aborted) return;
    const now = performance.now();
    if (Math.abs(scrollY - wanted) >= 1) since = Infinity;
    scrollTo(0, wanted);
    if (Math.abs(scrollY - wanted) < 1) since = Math.min(since, now);
    if (now - since > SETTLED || now > end) finish();
    else setTimeout(step, 30);
  };
  for (const one of OWN_WILL) addEventListener(one, finish, { signal: stop.signal, passive: true });
  isRestoring = true;
  step();
  return finish;
}
