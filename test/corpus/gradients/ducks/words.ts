// Numbers between words and indices.

export const lengthOfLoss = ([n, y]: number[]): number => Array.from({ length: n }, (_, i) => y * i).reduce((a, b) => a + b, 0);

export const safeLoss = ([x, y]: number[]): number => (Number.isSafeInteger(x) ? x * y : x + y) + (Object.is(y, NaN) ? 1e6 : 0);

export const wholeLoss = ([x, y]: number[]): number => parseInt(x as any, 10) * y + Number.parseInt(`${3.7}`) * x;

export const comparedLoss = ([x, y]: number[]): number => ((x as any) > '1' ? x : 2 * x) + ((y as any) == '2' ? 10 * y : y);

export const ownValueLoss = ([x, y]: number[]): number => x.valueOf() * (y as any).valueOf() + x;

export function loopedLoss([n, x]: number[]): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += x * i;
  return s + n;
}

export function signLoss([x, y]: number[]): number {
  switch (Math.sign(x)) {
    case -1:
      return -x * y;
    case 0:
      return y;
    default:
      return x * y * 2;
  }
}

export function indexedLoss([x, y]: number[]): number {
  const table = [1, 4, 9, 16];
  const word = 'abcd';
  const k = Math.round(x);
  return table[k] * y + word.charCodeAt(k) * x + table.at(-k)! + table.slice(k).length * y + 'ab'.repeat(k).length;
}

export function cutLoss(p: number[]): number {
  const list = [1, 2, 3, 4].map((v) => v * p[1]);
  list.length = p[0];
  return list.reduce((a, b) => a + b, 0);
}

export const textComparedLoss = (p: number[]): number => {
  const same = `${p[0]}` === `${p[1]}` || String(p[0]) === '7';
  return same ? p[0] * 100 : p[0] * p[1];
};
