// Where a page was scrolled to: back there after Back and after a reload, to the top in a new view.

const SAVE_AFTER = 150; // milliseconds without scrolling
const PATIENCE = 3000; // milliseconds until the tasks have to be there
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

/** Scroll to where this entry of the history was. The tasks may come later, so this tries until the person scrolls. */
export function restoreScroll(): () => void {
  const wanted = Number(history.state?.scroll ?? 0);
  const end = performance.now() + PATIENCE;
  const stop = new AbortController();
  const finish = (): void => {
    isRestoring = false;
    stop.abort();
  };
  const step = (): void => {
    if (stop.signal.aborted) return;
    scrollTo(0, wanted);
    if (Math.abs(scrollY - wanted) < 1 || performance.now() > end) finish();
    else setTimeout(step, 30);
  };
  for (const one of OWN_WILL) addEventListener(one, finish, { signal: stop.signal, passive: true });
  isRestoring = true;
  step();
  return finish;
}
