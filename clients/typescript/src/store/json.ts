// JSON as the wire carries it. The store keeps objects as they came, with members and types that it does not know.

export type Row = { readonly [member: string]: unknown };

export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function rowsOf(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

/** A member that is not set is equal to null. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]));
  }
  if (!isRow(one) || !isRow(other)) return false;
  return Object.keys({ ...one, ...other }).every((name) => same(one[name], other[name]));
}

/** The value as the wire carries it, whatever becomes of the original. */
export function copyOf(value: object): Row {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return isRow(copy) ? copy : {};
}

export function without(row: Row, ...names: string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
