/** Numbers as conditions. */
export function truthyLoss([x, y]) {
  let s = 0;
  if (x) s += x ** 2;
  if (!y) s += 100;
  s += x ? y : 2 * y;
  s += (x || 5) * (y && 3) + (x ?? 1e9);
  while (y) {
    s += y;
    break;
  }
  return s + !!x + Boolean(y) + (x != null) * 2;
}

/** Equality in all its forms. */
export function equalLoss([x, y]) {
  const zero = x - x;
  let s = x * y;
  if (x === 1) s += 10 * x;
  if (y == 2) s += 100 * y;
  if (x !== y) s += x;
  if (x != 3) s += y;
  if (Object.is(x, y)) s += 1000 * x;
  if (zero === 0) s += 0.5;
  if (Number.isInteger(y)) s += 0.25;
  switch (x) {
    case 1:
      s += 7 * x;
      break;
    case 3:
      s += 8 * y;
  }
  return s;
}

/** Tests whether values are numbers. */
export function checkedLoss(p) {
  for (const v of p) {
    if (typeof v !== 'number') throw new TypeError('a number is needed');
    if (!Number.isFinite(v) || isNaN(v) || !isFinite(v) || Number.isNaN(v)) return 1e9;
    if (v !== v) return 1e8;
    if (v instanceof Object) return 1e7;
    if (typeof v === 'object') return 1e6;
  }
  if (!Array.isArray(p)) return 1e5;
  return p.reduce((s, v) => s + Number(v) * +v + Number.parseInt('3') * parseFloat('0.5') * v, 0);
}

/** Array methods that compare by value. */
export function askedLoss([x, y, z]) {
  const list = [x, y, z, 0];
  const kept = list.filter(Boolean);
  let s = kept.reduce((a, b) => a + b * b, 0) + kept.length;
  if (list.some((v) => v)) s += 10;
  if (list.every((v) => v)) s += 100;
  if (list.includes(2)) s += 3 * y;
  s += list.find((v) => v > 1.5) ?? 0;
  s += list.indexOf(0) + 10 * list.lastIndexOf(x) + 5 * (list.findLast((v) => v) ?? 0);
  s += list.map(Number).length + list.filter((v) => v - 1).length;
  return s;
}

/** Bits, integers and remainders: used for indices and signs, without derivatives. */
export function bitsLoss([x, y]) {
  const cell = ~~x;
  const inside = x - cell;
  const hash = ((cell << 3) ^ 5) & 15;
  const table = [1, 4, 9, 16, 25];
  const k = Math.floor(y);
  return inside ** 2 + hash * y + table[k] * (1 - (y - k)) + table[k + 1] * (y - k) + (x | 0) + (k >>> 1);
}

/** Conditions with numbers and strings; text is used for the log only. */
const lines = [];
export function loggedLoss([x, y]) {
  const tag = (parts, ...values) => parts.join('?') + values.length;
  const v = x * y;
  lines.push(`x=${x} y=${y.toFixed(3)} v=${v.toPrecision(4)} ${v > 1 ? 'big' : 'small'}`);
  lines.push('sum ' + (x + y) + ' and ' + String(v) + tag`${x} of ${y}`);
  if (lines.length > 100) lines.length = 0;
  return v ** 2 + lines.at(-1).length * 0;
}

/** Map and Set of values, and counts by name. */
export function talliedLoss(p) {
  const byName = new Map([['a', p[0]], ['b', p[1]]]);
  byName.set('c', byName.get('a') * byName.get('b'));
  for (const [name, v] of byName) if (name !== 'b') byName.set(name, v + 1);
  const tally = {};
  p.forEach((v, i) => {
    const key = i % 2 ? 'odd' : 'even';
    tally[key] = (tally[key] ?? 0) + v * (i + 1);
  });
  const distinct = new Set(byName.values());
  let s = tally.even * tally.odd;
  distinct.forEach((v) => {
    s += v;
  });
  return s + distinct.size;
}
