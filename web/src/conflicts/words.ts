// Where two texts differ, word by word.

export interface Part {
  readonly text: string;
  /** Whether only this text has it. */
  readonly isOwn: boolean;
}

/** Longer texts are compared only at their ends: a table of their words would be too large. */
const MOST_CELLS = 1_000_000;

/** The parts of each of two texts. */
export function compare(one: string, other: string): readonly [readonly Part[], readonly Part[]] {
  const [left, right] = [wordsOf(one), wordsOf(other)];
  const shared = sharedWords(left, right);
  return [partsOf(left, new Set(shared.map(([at]) => at))), partsOf(right, new Set(shared.map(([, at]) => at)))];
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}

/** The places of a longest common subsequence. */
function sharedWords(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const found: (readonly [number, number])[] = Array.from({ length: start }, (_, at) => [at, at]);
  for (let at = end; at > 0; at--) found.push([left.length - at, right.length - at]);
  const [rows, columns] = [left.length - start - end, right.length - start - end];
  if (rows * columns > MOST_CELLS) return found;
  // table[row][column]: how many words the rests from there have in common.
  const table = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  const cell = (row: number, column: number): number => table[row]?.[column] ?? 0;
  const isSame = (row: number, column: number): boolean => left[start + row] === right[start + column];
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      const longest = Math.max(cell(row + 1, column), cell(row, column + 1));
      (table[row] as Uint16Array)[column] = isSame(row, column) ? cell(row + 1, column + 1) + 1 : longest;
    }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (isSame(row, column)) found.push([start + row++, start + column++]);
    else if (cell(row + 1, column) >= cell(row, column + 1)) row++;
    else column++;
  }
  return found;
}

function partsOf(words: readonly string[], shared: ReadonlySet<number>): readonly Part[] {
  const parts: { text: string; isOwn: boolean }[] = [];
  words.forEach((text, at) => {
    const last = parts.at(-1);
    const isOwn = !shared.has(at);
    if (last?.isOwn === isOwn) last.text += text;
    else parts.push({ text, isOwn });
  });
  return parts;
}
