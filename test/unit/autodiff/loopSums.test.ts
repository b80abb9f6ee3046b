import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/autodiff/refusal';
import { $ } from '../../../src/autodiff/runtime/index';
import { tape } from '../../../src/autodiff/tape';
import { evaluateTraced, type TracedLoss } from '../../../src/autodiff/tracedObjective';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';
import { tracedGradient } from './support/tracedGradient';
import { open } from './support/tracing';

type Loss = (p: unknown[]) => unknown;

async function bothOf(text: string) {
  const workspace = new Workspace({ 'loss.mjs': text });
  const plain = await workspace.load('loss.mjs');
  const instrumented = await linkInstrumented(workspace.path('loss.mjs'), workspace, workspace.root);
  const rewritten = await loadInstrumented(instrumented, $);
  const isDirect = [...instrumented.linked.texts.values()].some((each) => /\.(?:loop|fold)Sum\(/.test(each));
  return { plain: plain.loss as Loss, rewritten: rewritten.loss as TracedLoss['call'], isDirect };
}

async function agrees(text: string, isDirect: boolean) {
  const program = await bothOf(text);
  expect(program.isDirect).toBe(isDirect);
  for (const at of [
    [0.3, -0.8, 1.1],
    [1.2, 0.4, 0],
  ]) {
    const single = tracedGradient(program.rewritten, at, true);
    // The second time, a loop that met something else than numbers is executed as it was written.
    for (let time = 0; time < 2; time++) {
      const whole = tracedGradient(program.rewritten, at);
      expect(whole.value).toBe(program.plain([...at]));
      expect(program.rewritten([...at], open())).toBe(whole.value);
      for (const [k, each] of single.grad.entries()) expect(whole.grad[k]).toBeCloseTo(each, 12);
    }
  }
}

const data = `
const xs = [0.5, -1.5, 2, 0.25];
const rows = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
`;

test.each([
  ['a loop over indices', 'let s = 0; for (let i = 0; i < p.length; i++) s += p[i] * p[i];'],
  ['a loop over elements', 'let s = 0; for (const x of p) s += x * x;'],
  ['a fold', 'const s = p.reduce((sum, x) => sum + x * x, 0);'],
])('%s has the right gradient while it grows the tape', async (_, body) => {
  const text = `export const loss = (p) => { ${body} return s / p.length; };`;
  const { rewritten, isDirect } = await bothOf(text);
  expect(isDirect).toBe(true);
  const dim = tape.edgeCapacity + 3;
  const { grad } = tracedGradient(
    rewritten,
    Array.from({ length: dim }, () => 0.5),
  );
  expect(grad.findIndex((each) => Math.abs(each * dim - 1) > 1e-12)).toBe(-1);
});

describe('loops that are executed as one function', () => {
  test.each([
    ['an inner product', 'let s = 0; for (let i = 0; i < p.length; i++) s += p[i] * xs[i]; return s;'],
    ['from a traced value', 'let s = p[0]; for (let i = 1; i < 3; i++) { s -= p[i] * p[0]; } return s;'],
    ['without an iteration', 'let s = p[0]; for (let i = 5; i < 3; i++) s += p[i]; return s * p[1];'],
    [
      'that adds nothing traced',
      'let s = p[0]; for (let i = 0; i < 3; i++) s += 0 * xs[i]; return s * p[1];',
    ],
    ['downwards', 'let s = 0; for (let i = p.length - 1; i >= 0; --i) s += p[i] * (i + 1); return s;'],
    ['in steps', 'let s = 0; for (let i = 0; i <= 2; i += 2) s += Math.sin(p[i]); return s;'],
    [
      'with its limit in the head',
      'let s = 0; for (let i = 0, n = p.length; i < n; ++i) s += p[i] ** 2; return s;',
    ],
    [
      'with a limit of unknown type',
      'const f = (n) => { let s = 0; for (let i = 0; i < n; i++) s += p[i] * p[i]; return s; }; return f(3);',
    ],
    [
      'with constants',
      'let s = 0; for (let i = 0; i < 3; i++) { const d = p[i] - xs[i]; const r = rows[i], e = d * r[1]; s += d * e + r[0]; } return s;',
    ],
    [
      'in a loop that forms the sum',
      'let s = 0; for (let k = 0; k < 3; k++) for (let i = 0; i < 3; i++) s += p[i] * rows[k][i]; return s;',
    ],
    [
      'in a loop, with a sum of its own',
      'let t = 0; for (let k = 0; k < 3; k++) { let s = p[k]; for (let i = 0; i < 3; i++) s += p[i] * rows[k][i]; t += s * s; } return t;',
    ],
    [
      'with keys that are computed',
      'const w = [1, 2, 3, 4, 5, 6, 7, 8, 9], at = (n) => { let s = 0; for (let i = 0; i < 3; i++) s += p[i] * w[n * i + n - 1]; return s; }; return at(3);',
    ],
    ['over the elements of a list', 'let s = 0; for (const x of p) s += x * x; return s;'],
    [
      'over objects',
      'const o = p.map((x, i) => ({ x, d: { w: xs[i] } })); let s = 0; for (const { x, d: w } of o) { const { w: factor } = w; s -= x * factor * p[0]; } return s;',
    ],
    [
      'over pairs',
      'let s = 0; for (let [k, x] of p.map((x, i) => [i, x]).slice()) s += 0; const pairs = p.map((x, i) => [i, x]); for (const [k, x] of pairs) s += k * x * p[1]; return s;',
    ],
    [
      'over a list that a getter makes longer',
      'const o = [{ get x() { if (o.length < 3) o.push({ x: p[1] }); return p[0]; } }]; let s = 0; for (const e of o) s += e.x * p[2]; return s;',
    ],
    [
      'over holes',
      'const h = [p[0], , p[2]]; let s = 0; for (const x of h) s += x ?? 1; for (const x of h) s += x === undefined ? 0 : x; for (const x of [1, 2]) s += x; const f = [p[1], p[0]]; for (const x of f) s += x * x; return s;',
    ],
    [
      'over elements of another iterator',
      'const o = [1, 2, 3]; o[Symbol.iterator] = function* () { yield p[0]; yield p[1]; }; let s = 0; for (const x of o) s += x * x; return s;',
    ],
    ['over a set', 'const o = new Set([1, 2]); let s = 0; for (const x of o) s += x * p[0]; return s;'],
    [
      'a reduction of objects',
      'return p.map((x, i) => ({ x, w: xs[i] })).reduce((s, { x, w }, i) => s + x * w * i, 0);',
    ],
    ['a reduction of pairs', 'return p.map((x, i) => [x, i]).reduce((s, [x, k]) => s + x * k, p[0]);'],
    [
      'with rows',
      'let t = 0; const m = [p, xs, p]; for (let j = 0; j < 3; j++) { let s = 0; for (let i = 0; i < 3; i++) s += m[j][i] * rows[j][i] + m[0][j]; t += s * s; } return t;',
    ],
    [
      'with rows that do not exist yet',
      'const m = []; for (let j = 0; j < 3; j++) { let s = p[j]; for (let i = 0; i < j; i++) s -= m[i][0] * m[j - 1][0]; m.push([s]); } return m[2][0];',
    ],
    [
      'with elements of other objects',
      'const m = { 0: p, 1: xs, get 2() { return p; } }; let t = 0; for (let j = 0; j < 3; j++) { let s = 0; for (let i = 0; i < 3; i++) s += m[j][i] * p[i]; t += s * s; } return t;',
    ],
    [
      'with keys that are converted',
      'let n = 0; const key = { toString: () => String(n++ % 3) }; const f = (k) => { let s = 0; for (let i = 0; i < 3; i++) s += p[k] * xs[i]; return s; }; return f(key) * f(0) * (n > 2 ? 1 : p[0]);',
    ],
    [
      'with keys that are looked up',
      'const order = [2, 0, 1]; let s = 0; for (let i = 0; i < 3; i++) s += p[order[i]] * xs[i]; return s;',
    ],
    [
      'with methods',
      'const m = { get: (i, k) => rows[i][k] }; let s = 0; for (let i = 0; i < 3; i++) s += p[i] * m.get(i, 1); return s;',
    ],
    [
      'with functions that record operations',
      'function f(i) { return p[i] * p[0]; } let s = p[1]; for (let i = 0; i < 3; i++) s += p[i] * f(i); return s;',
    ],
    [
      'with getters that record operations',
      'const o = { get x() { return p[0] * p[1]; } }; let s = p[1]; for (let i = 0; i < 3; i++) s += p[i] * o.x; return s;',
    ],
    [
      'with functions that form sums themselves',
      'const f = (n) => { let t = 0; for (let j = 0; j < n; j++) t += p[j]; return t; }; const o = { f }; let s = 0; for (let i = 0; i < 3; i++) s += p[i] * o.f(i); return s;',
    ],
    [
      'with text among the operands',
      'const t = ["1", "2", "3"]; let s = p[0]; for (let i = 0; i < 3; i++) s += p[i] * t[i]; return s;',
    ],
    [
      'with missing elements',
      'let s = 1; for (let i = 0; i < 3; i++) s += p[i] * (rows[i].length - 3); return s;',
    ],
    [
      'with an element that is converted',
      'const o = [1, { valueOf: () => 2 }, 3]; let s = p[0]; for (let i = 0; i < 3; i++) s += p[i] * o[i]; return s;',
    ],
    [
      'on typed arrays',
      'const w = new Float64Array(p), f = new Float32Array([0.1, 0.2, 0.3]); let s = 0; for (let i = 0; i < 3; i++) s += w[i] * f[i]; return s;',
    ],
    [
      'of members of this',
      'class A { w = p; n = 3; sum() { let s = 0; for (let i = 0; i < this.n; i++) s += this.w[i] * this.w[0]; return s; } } return new A().sum();',
    ],
    [
      'that ends with an exception',
      'const f = () => { let s = 0; for (let i = 0; i < 5; i++) s += p[i] * rows[i][0]; return s; }; let t = p[0] * p[1]; try { t += f(); } catch { t *= p[2]; } return t;',
    ],
    [
      'of a variable that changes elsewhere',
      'let w = p; const next = () => { w = w.map((x) => x * p[0]); }; let t = 0; for (let k = 0; k < 2; k++) { next(); let s = 0; for (let i = 0; i < 3; i++) s += w[i] * xs[i]; t += s * s; } return t;',
    ],
    [
      'zero times infinity',
      'let s = 0; for (let i = 0; i < 3; i++) s += Math.sqrt(Math.max(p[i], 0)) * i; return s;',
    ],
    [
      'negative zero',
      'let s = -0; for (let i = 0; i < 0; i++) s += p[i]; return 1 / s === -Infinity ? p[0] : p[1];',
    ],
    ['a reduction', 'return p.reduce((s, x) => s + x * x, 0);'],
    ['a reduction with its index', 'return p.reduce((s, x, i) => s + x * xs[i] - rows[i][1], p[0]);'],
    ['a reduction to the left', 'return p.reduceRight((s, x, i) => s + x * i, 0) * p[1];'],
    [
      'a reduction with holes',
      'const h = [p[0], , p[2], undefined]; h.length = 3; return h.reduce((s, x, i) => s + x * i, 1);',
    ],
    [
      'a reduction of something else',
      'const o = { reduce: (f, s) => f(f(s, p[0], 0), p[1], 1) }; return o.reduce((s, x, i) => s + x * xs[i], 0);',
    ],
    [
      'a reduction with getters that record operations',
      'const o = { get x() { return p[0] * p[1]; } }; return p.reduce((s, x) => s + x * o.x, p[1]);',
    ],
    ['a reduction from text', 'return p.map(() => 1).reduce((s, x) => s + x, "") === "111" ? p[0] : p[1];'],
    ['a reduction without elements', 'return [].reduce((s, x) => s + x, p[0]);'],
    ['a trailing comma', 'return p.reduce((s, x) => s + x * xs[0], 0,);'],
  ])('%s', async (_name, body) => {
    await agrees(`${data}export function loss(p) { ${body} }`, true);
  });

  test.each([
    [
      'a sum that is read in the loop',
      'let s = 0; for (let i = 0; i < 3; i++) { s += p[i] * xs[i]; if (s > 1) break; } return s;',
    ],
    [
      'a counter that the body changes',
      'let s = 0; for (let i = 0; i < 3; i++) { s += p[i]; i++; } return s;',
    ],
    [
      'a counter that is used later',
      'let s = 0; var i; for (i = 0; i < 3; i++) s += p[i] * xs[i]; return s * i;',
    ],
    [
      'two sums',
      'let s = 0, t = 0; for (let i = 0; i < 3; i++) { s += p[i]; t += p[i] * p[i]; } return s * t;',
    ],
    [
      'a variable that the body changes',
      'let s = 0, k = 0; for (let i = 0; i < 3; i++) { k = 2 * i; s += p[i] * k; } return s;',
    ],
    [
      'a variable that a called function changes',
      'let k = 0; const o = { f: () => ++k }; let s = 0; for (let i = 0; i < 3; i++) s += p[i] * k * o.f(); return s;',
    ],
    [
      'a variable that a getter may change',
      'let k = 0; const o = { get x() { return ++k; } }; let s = 0; for (let i = 0; i < 3; i++) s += p[i] * k * o.x; return s;',
    ],
    [
      'a function that is made in the loop',
      'let s = 0; for (let i = 0; i < 3; i++) s += ((x) => x * p[i])(i); return s;',
    ],
    [
      'a variable that stays after the loop',
      'let s = 0; for (let i = 0; i < 3; i++) { var d = p[i]; s += d * d; } return s * d;',
    ],
    [
      'a limit that is an assignment',
      'let s = 0, n; for (let i = 0; i < (n = 3); i++) s += p[i]; return s * n;',
    ],
    ['a global', 'globalThis.k = 2; let s = 0; for (let i = 0; i < 3; i++) s += p[i] * k; return s;'],
    ['a callback that changes its element', 'return p.reduce((s, x) => s + (x = x * 2) * x, 0);'],
    ['a callback that uses the array', 'return p.reduce((s, x, i, all) => s + x * all[0], 0);'],
    [
      'a callback that uses a variable that a getter may change',
      'let k = 0; const o = { get x() { return ++k; } }; return p.reduce((s, x) => s + x * o.x * k, 0);',
    ],
    [
      'an element that the body changes',
      'const list = p; let s = 0; for (let x of list) { x = x * 2; s += x; } return s;',
    ],
    [
      'defaults in a pattern',
      'const list = [{ x: p[0] }, {}]; let s = 0; for (const { x = 1 } of list) s += x * x; return s;',
    ],
    [
      'the rest of a pattern',
      'const list = [p]; let s = 0; for (const [x, ...others] of list) s += x * others.length; return s;',
    ],
    [
      'this of a function',
      'const f = function () { try { return p.reduce(function (s, x) { return s + x * this.k; }, 0); } catch { return p[0]; } }; return f.call({ k: 2 });',
    ],
  ])('but not %s', async (_name, body) => {
    await agrees(`${data}export function loss(p) { ${body} }`, false);
  });

  test('one node with an edge for each traced operand', async () => {
    const { rewritten } = await bothOf(
      `${data}export function loss(p) { let s = 0; for (let i = 0; i < 3; i++) s += p[i] * xs[i] + p[0]; return s; }`,
    );
    const loss: TracedLoss = { dim: 3, call: rewritten, notANumber: () => new Error() };
    const sizes = evaluateTraced(loss, Float64Array.of(1, 2, 3), open, () => [tape.length, tape.edges]);
    expect(sizes).toEqual([4, 6]);
  });

  test('that read a value of an earlier evaluation are refused', async () => {
    const { rewritten } = await bothOf(
      'let old = null; export function loss(p) { old ??= p; let s = 0; for (let i = 0; i < 3; i++) s += old[i] * p[0]; return s; }',
    );
    tracedGradient(rewritten, [1, 2, 3]);
    expect(() => tracedGradient(rewritten, [1, 2, 3])).toThrow(Refusal);
  });

  test('are long', async () => {
    const text =
      'export function loss(p) { let s = 0; for (let i = 0; i < 200000; i++) s += p[i % 3] * (i % 7); return s; }';
    await agrees(text, true);
  });
});
