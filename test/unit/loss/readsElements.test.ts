import { describe, expect, it } from 'vitest';
import type { UserFunction } from '../../../src/loss/providers/javascript/callArguments';
import { onlyReadsElements } from '../../../src/loss/providers/javascript/readsElements';

/** The function as a module of the user exports it: unlike one of this file, it is not instrumented. */
function made(text: string): UserFunction {
  return new Function(`return (${text})`)() as UserFunction;
}

describe('a function that only reads elements of its vector', () => {
  it.each([
    'function loss(w) { let sum = 0; for (let i = 0; i < w.length; i++) sum += (1 + (i % 10)) * w[i] * w[i]; return sum; }',
    'function gradient(w) { const g = new Float64Array(w.length); for (let i = 0; i < w.length; i++) g[i] = 2 * w[i]; return g; }',
    '(w) => w[0] ** 2 + Math.sin(w[w.length - 1])',
    '(w, { indices }) => indices.reduce((sum, i) => sum + i, 0) * w[0]',
    '(w, size = w.length) => { const helper = (x) => x * x; return helper(w[size - 1]); }',
    'function (w) { class Other { value = 1 } return w[0] + new Other().value; }',
  ])('gets the vector itself: %s', (text) => {
    expect(onlyReadsElements(made(text))).toBe(true);
  });

  it.each([
    ['passes it on', '(w) => helper(w)'],
    ['keeps it', 'function (w) { globalThis.kept = w; return w[0]; }'],
    ['returns it', '(w) => w'],
    ['changes it', 'function (w) { w[0] = 1; return w[0]; }'],
    ['changes it with an operator', 'function (w) { w[0] += 1; return w[0]; }'],
    ['counts it up', 'function (w) { w[0]++; return w[0]; }'],
    ['changes it by destructuring', 'function (w) { [w[0]] = [1]; return w[0]; }'],
    ['changes it in a loop', 'function (w) { for (w[0] of [1, 2]); return w[0]; }'],
    ['calls a method', '(w) => w.reduce((sum, x) => sum + x, 0)'],
    ['calls a method by an index', '(w) => w[0]()'],
    ['takes its buffer', '(w) => w.buffer.byteLength'],
    ['takes its buffer by name', "(w) => w['buffer'].byteLength"],
    ['takes all of it', '(w) => Math.max(...w)'],
    ['copies it by itself', '(w) => { const [a, b] = w; return a + b; }'],
    ['reads it later', 'function (w) { setTimeout(() => w[0]); return w[0]; }'],
    ['reads it in an object that it may keep', 'function (w) { return { valueOf() { return w[0]; } }; }'],
    ['reads it in a class', 'function (w) { return class { value = w[0]; }; }'],
    ['uses arguments', 'function (w) { return arguments[0].sum + w[0]; }'],
    ['evaluates text', "function (w) { return eval('w.fill(1)') + w[0]; }"],
    ['waits', 'async (w) => w[0]'],
    ['yields', 'function* (w) { yield w[0]; }'],
    ['assigns the name', 'function (w) { w = [1]; return w[0]; }'],
    ['destructures', '([x, y]) => x + y'],
    ['has a rest parameter', '(...w) => w[0]'],
  ])('a function that %s gets a copy', (_, text) => {
    expect(onlyReadsElements(made(text))).toBe(false);
  });

  it('a native function and a bound one get a copy', () => {
    expect(onlyReadsElements(Math.hypot as UserFunction)).toBe(false);
    expect(onlyReadsElements(made('(w) => w[0]').bind(null))).toBe(false);
    expect(onlyReadsElements(new Proxy(made('(w) => w[0]'), {}))).toBe(false);
  });
});
