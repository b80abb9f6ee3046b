const y = [2.1, 3.9, 6.2, 7.8, 10.1];

/** y = slope·i + offset by map, filter and reduce; missing values are skipped. */
export const lineLoss = ([slope, offset]: number[]): number =>
  y
    .map((v, i) => (i === 2 ? null : slope * i + offset - v))
    .filter((r): r is number => r !== null)
    .map((r) => r * r)
    .reduce((a, b) => a + b) / y.length;

/** The products of all pairs. */
export function pairLoss(p: number[]): number {
  return p
    .flatMap((a, i) => p.slice(i).map((b) => a * b))
    .reduceRight((s, v) => s + v * v, 0);
}

/** A queue and a stack, implemented with arrays. */
export function queueLoss(p: number[]): number {
  const queue = [...p];
  let s = 0;
  queue.push(queue[0] * queue[1]);
  queue.unshift(p[2] ** 2);
  while (queue.length > 1) {
    const a = queue.shift()!;
    const b = queue.pop()!;
    s += a * b;
  }
  return s + (queue[0] ?? 0);
}

export function matrixEnergy(x: number[]): number {
  const A = [
    [4, 1, 0],
    [1, 3, -1],
    [0, -1, 2],
  ];
  const b = [1, 2, 3];
  const Ax = A.map((row) => row.reduce((s, a, j) => s + a * x[j], 0));
  return x.reduce((s, xi, i) => s + 0.5 * xi * Ax[i] - b[i] * xi, 0);
}

/** Second differences, with a border of zeros. */
export function smoothCost(p: Float64Array): number {
  const padded = Array(p.length + 2).fill(0);
  p.forEach((v, i) => {
    padded[i + 1] = v;
  });
  let s = 0;
  for (const [i, v] of padded.entries()) {
    if (i === 0 || i === padded.length - 1) continue;
    s += (padded[i - 1] - 2 * v + padded[i + 1]) ** 2;
  }
  return s;
}

/** Rearranges arrays with many methods, and then weights the elements by position. */
export function cutAndGlueCost(p: number[]): number {
  const a = Array.from({ length: 4 }, (_, i) => p[i] * (i + 1));
  a.splice(1, 2, a[2], a[1], a[1] * a[2]);
  a.copyWithin(0, 3, 4);
  const b = a.concat(a.slice(-2), [[7]].flat()).reverse().with(0, p[0]);
  const c = [b.at(-1)!, ...b.toSpliced(0, 2), ...[[p[1]], [[p[2]]]].flat(2)] as number[];
  return c.reduce((s, v, i) => s + v * (i + 1), 0);
}
