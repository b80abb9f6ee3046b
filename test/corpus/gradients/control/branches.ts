/** A chain of ifs, a ternary in a ternary, && and || on numbers. */
export function tariffCost([x, y]: number[]): number {
  let price;
  if (x < 0) price = -x;
  else if (x < 1) price = 2 * x;
  else if (!(x >= 10)) price = x ** 2 + 1;
  else price = 101 + 20 * (x - 10);
  const sign = y > 0 ? 1 : y < 0 ? -1 : 0;
  return price + sign * y * 3 + ((x && y) || 7) + (x > y && x) * 1;
}

/** switch on strings, on true, falling through. */
export function modeLoss([x, y]: number[]): number {
  const one = (mode: string) => {
    let v = x;
    switch (mode) {
      case 'double':
        v *= 2;
      // falls through
      case 'square':
        v *= v;
        break;
      case 'none':
        return 0;
      default:
        v = y;
    }
    return v;
  };
  switch (true) {
    case x > y:
      return one('double') + y;
    case x < y:
      return one('square') + one('other');
    default:
      return one('none') + x;
  }
}

/** try … catch … finally, with user-defined errors. */
export function guardedLoss(p: number[]): number {
  class Outside extends Error {
    constructor(readonly by: number) {
      super(`outside by ${by}`);
    }
  }
  const inside = (v: number): number => {
    if (v > 1) throw new Outside(v - 1);
    if (Number.isNaN(v)) throw new TypeError('not a number');
    return v * v;
  };
  let s = 0;
  let visits = 0;
  for (const v of p) {
    try {
      s += inside(v);
    } catch (error) {
      if (!(error instanceof Outside)) throw error;
      s += 1 + 2 * error.by;
      continue;
    } finally {
      visits++;
      s += 0.5 * v;
    }
  }
  return s + visits;
}

/** The error for a property of undefined is caught, and the tape remains valid. */
export function fallbackLoss([x, y]: number[]): number {
  const config: { k?: { weight: number } } = {};
  let weight = x ** 2;
  try {
    weight *= y;
    weight += config.k!.weight;
  } catch {
    weight += 1;
  }
  const parse = (text: string) => {
    try {
      return JSON.parse(text).w as number;
    } catch {
      return 10;
    }
  };
  return weight * parse('{"w": 2}') + parse('{') * x;
}

/** Steps that depend on the values: subtract the largest power of two. */
export function whileLoss([x]: number[]): number {
  let v = x;
  let n = 0;
  for (; v > 1; n++) {
    if (n > 50) throw new Error('too many');
    v = v > 4 ? v / 2 : v - 1;
  }
  return v ** 2 + n;
}
