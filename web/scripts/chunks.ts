// Which modules load together. The first page needs two files: one for everybody, and one for people who are signed in.

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

const file = (path: string): string => new URL(`../src/${path}`, import.meta.url).pathname;
const MAIN = file("main.ts");
const HOUSE = file("House.svelte");
const SIGN_IN = file("account/SignIn.svelte");

/** The name of the file that a module of the first page is in. */
export function chunkOf(id: string, modules: Modules): string | null {
  if (id === MAIN) return null; // It waits for the messages, which import what it imports.
  const isOf = (entry: string): boolean => neededBy(entry, modules).has(id);
  if (isOf(MAIN) || (isOf(HOUSE) && isOf(SIGN_IN))) return "start";
  return id !== HOUSE && isOf(HOUSE) ? "tasks" : null;
}

const known = new WeakMap<Modules, Map<string, Set<string>>>();

/** All modules that run before this one. */
function neededBy(entry: string, modules: Modules): ReadonlySet<string> {
  const all = known.get(modules) ?? new Map<string, Set<string>>();
  known.set(modules, all);
  const found = all.get(entry) ?? new Set([entry]);
  if (!all.has(entry)) for (const id of found) modules.getModuleInfo(id)?.importedIds.forEach((one) => found.add(one));
  all.set(entry, found);
  return found;
}
