import { setTimeout as sleep } from 'node:timers/promises';

const samples = [
  [1, 2.2],
  [2, 3.8],
  [3, 6.1],
];

/** @loss */
export async function parallelLoss([slope, offset]: number[]): Promise<number> {
  const one = async ([x, y]: number[]) => {
    await sleep(3 - x);
    return (slope * x + offset - y) ** 2;
  };
  const squares = await Promise.all(samples.map(one));
  return squares.reduce((a, b) => a + b) / squares.length;
}

/** The promise that is fulfilled first counts double; the order of microtasks affects the result. */
export async function orderLoss([a, b, c]: number[]): Promise<number> {
  const arrived: number[] = [];
  const slow = (async () => {
    await null;
    await null;
    arrived.push(a);
  })();
  const quick = Promise.resolve(b).then((v) => arrived.push(v * v));
  queueMicrotask(() => arrived.push(c ** 3));
  arrived.push(a * b);
  await Promise.all([slow, quick]);
  return arrived.reduce((s, v, i) => s + (i + 1) * v, 0);
}

/** A stream, one item after the other, with a try … finally around it. */
export async function streamLoss(p: number[]): Promise<number> {
  let open = 0;
  async function* stream() {
    open++;
    try {
      for (const [x, y] of samples) {
        await Promise.resolve();
        yield { x, y };
      }
    } finally {
      open--;
    }
  }
  let s = 0;
  for await (const { x, y } of stream()) {
    s += Math.abs(p[0] * x - y);
    if (x === 2) break;
  }
  return s + open;
}

/** Promises that are chained, caught and raced. */
export function chainedLoss([x, y]: number[]): Promise<number> {
  return Promise.resolve(x * y)
    .then((v) => {
      if (v > 0) return v ** 2;
      throw Object.assign(new RangeError('negative'), { v });
    })
    .catch((e) => -e.v)
    .then(async (v) => v + (await Promise.race([Promise.resolve(x), sleep(50, 1e9)])))
    .finally(() => y * 100);
}
