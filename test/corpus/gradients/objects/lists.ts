/** One list under two names, changed through both. */
export function twoNames([x, y]: number[]): number {
  const a = [x!, y!];
  const b = a;
  b[0] = a[0]! * y!;
  a[1]! += b[0]!;
  return a[0]! + b[1]! ** 2;
}

/** One row at two places of a matrix. */
export function sharedRow([x, y]: number[]): number {
  const row = [x!, y!];
  const matrix = [row, row];
  matrix[0]![0] = 3 * y!;
  return matrix[1]![0]! * matrix[0]![1]! + x!;
}

/** A matrix whose rows are exchanged, as in pivoting. */
export function exchanged([x, y]: number[]): number {
  const rows = [
    [x!, 1],
    [y!, 2],
  ];
  const kept = rows[0]!;
  rows[0] = rows[1]!;
  rows[1] = kept;
  kept[1] = rows[0]![0]!;
  return rows[0]![0]! * rows[1]![0]! + rows[1]![1]!;
}

/** An element that is read before it is overwritten. */
export function readBefore([x, y]: number[]): number {
  const grid = Array.from({ length: 2 }, (_, i) => [x! * (i + 1), y!]);
  const before = grid[1]![0]!;
  grid[1]![0] = y!;
  return before * grid[1]![0]! + grid[0]![0]!;
}

/** Rows of ragged lengths that grow by push. */
export function triangle([x, y]: number[]): number {
  const rows: number[][] = [];
  for (let i = 0; i < 4; i++) {
    rows.push([]);
    for (let j = 0; j <= i; j++) rows[i]!.push(i === j ? x! : y!);
  }
  return rows.flat().reduce((a, b) => a + b * b, 0);
}

/** A row of module data takes the place of a list that depends on the parameters. */
const table = [
  [1, 2],
  [3, 4],
];
export function dataOrOwn([x, y]: number[]): number {
  let row = [x!, y!];
  let total = 0;
  for (let i = 0; i < 2; i++) {
    total += row[0]! * x! + row[1]!;
    row = table[i]!;
  }
  return total;
}

/** A list that is null at first. */
export function nullAtFirst([x, y]: number[]): number {
  let last: number[] | null = null;
  let total = 0;
  for (const v of [x!, y!, 2]) {
    if (last) total += last[0]! * v;
    last = [v, total];
  }
  return total + last![1]!;
}

/** The parameters themselves, and a part of them, held by an object. */
export function heldParameters(p: number[]): number {
  const holder = { all: p, tail: p.slice(1) };
  let list = holder.tail;
  if (list.length < 5) list = holder.all;
  return list[0]! * holder.tail[0]! + list.length;
}
