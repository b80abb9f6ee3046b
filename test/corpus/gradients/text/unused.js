// Code that is known only at run time, in programs that no traced value leads there.
export const root = typeof globalThis === 'object' ? globalThis : new Function('return this')();
const kept = { sort: Array.prototype.sort, join: [].join, is: Object.is };
const { is, keys } = Object;
const two = eval('1 + 1');
const run = eval;

export const load = async (name) => (await import(name)).default;
export const read = (text) => eval(text);

export const deadCodeLoss = ([x, y]) => (x > 1e9 ? eval('x') : x * x + y * y);
export const heldLoss = ([x, y]) => Object.keys(kept).length * x * y + (is(x, x) ? keys(kept).length : 0);
export const constantLoss = ([x, y]) => two * x + run('3') * y + new Function('a', 'return a + 1')(1);

export function borrowedLoss(p) {
  const sort = Array.prototype.sort, some = [].some;
  const sorted = sort.call([...p], (a, b) => a - b);
  const { filter } = Array.prototype;
  return sorted[0] * 2 + sorted[1] * 3 + (some.call(p, (v) => v - p[0]) ? 1 : 0) + filter.call(p, (v) => v - p[1]).length;
}
export const innerLoss = ([x, y]) => new Function('f', 'return f()')(() => 3) * x + y;
