export function ledgerCost([x, y]: number[]): number {
  const account = { balance: x, rate: 1.5 };
  account.balance += y;
  account.balance *= account.rate;
  account.balance -= x * y;
  account.balance /= 2;
  account.balance **= 2;
  return account.balance;
}

export function cursorCost([x, y]: number[]): number {
  const bins = [1, 2, 3];
  let i = 0;
  bins[i++] += x;
  bins[i++] *= y;
  bins[i--] -= x * y;
  return bins[0] * bins[1] + bins[2] ** 2 + i;
}

export function stepsCost([x, y]: number[]): number {
  const before = x++;
  const after = --y;
  const a = [x, y];
  a[0]--, ++a[1];
  const post = a[0]++ * a[1]--;
  return before * x + after * y + post + a[0] * a[1];
}

/** The left side is read before the right side changes it. */
export function orderCost([x]: number[]): number {
  let a = x;
  a += ((a = 2 * x), a * a);
  let b = x;
  b = b * (b += 1);
  return a + b;
}

export function callCountCost([x, y]: number[]): number {
  let calls = 0;
  const values = [x, y, x * y];
  const object = () => (calls++, values);
  const next = () => calls++ % 3;
  object()[next()] *= 2;
  object()[next()] **= 2;
  object()[next()]++;
  return values[0] + 10 * values[1] + 100 * values[2] + calls;
}

export function logicalCost([x, y]: number[]): number {
  const o: { scale?: number; offset: number; weight: number } = { offset: 0, weight: x };
  o.scale ??= y;
  o.scale ??= 1000;
  o.offset ||= x * y;
  o.offset ||= 1000;
  o.weight &&= o.weight * 2;
  return o.scale! * o.weight + o.offset;
}

/** Reduces an angle to one turn, with the remainder of JavaScript. */
export function wrapLoss([angle, turn]: number[]): number {
  let a = angle;
  a %= turn;
  return a * a;
}
