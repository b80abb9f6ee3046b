import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, Origin } from '../../src/core/diagnosis/finding';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { RunJob } from '../../src/runner/runJob';
import { expectWellWorded } from '../support/findingWords';
import { folderWith, jobs } from '../support/startRun';

const squares = (list: string, element = 'v') =>
  `/** @loss @start [1] @steps 3 */
export const loss = ([m]: number[]): number => ${list}.reduce((s, ${element}) => s + (v - m) ** 2, 0);\n`;

interface Case {
  readonly text: string;
  readonly others?: Readonly<Record<string, string>>;
  readonly expected: Partial<Extract<Origin, { kind: 'non-finite-datum' }>>;
}

const cases: Readonly<Record<string, Case>> = {
  'an element of an array': {
    text: `const data = [1, 2, NaN, 4];\n${squares('data')}`,
    expected: { datum: 'data[2]', value: 'NaN', others: 0, role: 'enters-in', expression: 'v - m' },
  },
  'the first of several, with the number of the others': {
    text: `const data = [1, NaN, 3, NaN, 5, NaN, NaN];\n${squares('data')}`,
    expected: { datum: 'data[1]', others: 3, isCounted: true },
  },
  'an element that the loss uses, and not one that it does not use': {
    text: `const all = [[NaN, 1], [1, NaN]] as const;\n${squares('all', '[, v]')}`,
    expected: { datum: 'all[1][1]', others: 0 },
  },
  'a member of a record': {
    text: `const rows = [{ price: 1 }, { price: 2 }, { price: NaN }];\n${squares('rows', '{ price: v }')}`,
    expected: { datum: 'rows[2].price' },
  },
  'a member that one record lacks': {
    text: `const rows: { price?: number }[] = [{ price: 1 }, {}];\n${squares('(rows as { price: number }[])', '{ price: v }')}`,
    expected: { datum: 'rows[1].price', value: 'missing' },
  },
  'an empty element': {
    text: `const data = [1, , 3] as number[];\n${squares('Array.from(data)')}`,
    expected: { datum: 'data[1]', value: 'missing' },
  },
  'an element of a table from a JSON file': {
    text: `import table from './table.json';\n${squares('table.x', 'x').replace('(v - m)', '(Math.log(x) - m)')}`,
    others: { 'table.json': '{"x": [1, 2, 3, null], "y": [null]}' },
    expected: { datum: 'table.x[3]', value: 'null', expression: 'Math.log(x)' },
  },
  'an element of a typed array': {
    text: `const data = Float32Array.of(1, NaN);\n${squares('data')}`,
    expected: { datum: 'data[1]' },
  },
  'a value of a Map': {
    text: `const data = new Map([['a', 1], ['b', NaN]]);\n${squares('[...data.values()]')}`,
    expected: { datum: 'data.get("b")' },
  },
  'an element of a frozen array in another module': {
    text: `import { data } from './data';\n${squares('data')}`,
    others: { 'data.ts': 'export const data = Object.freeze([1, NaN]);' },
    expected: { datum: 'data[1]' },
  },
  'an element of a CommonJS module, not that of an array of the same name': {
    text: `import other from './data.cjs';\nconst data = [NaN];\n${squares('other.data')}export { data };`,
    others: { 'data.cjs': "'use strict';\nconst data = [0, NaN];\nmodule.exports = { data };" },
    expected: { datum: 'data[1]' },
  },
  'a number': {
    text: `export const scale = Number('n/a');\n${squares('[1]').replace('(v - m)', '(v * scale - m)')}`,
    expected: { datum: 'scale', expression: 'v * scale' },
  },
  'text among numbers': {
    text: `const data: any[] = [1, 'n/a', 3];\n${squares('data')}`,
    expected: { datum: 'data[1]', value: 'the text "n/a"' },
  },
  'an infinite element': {
    text: `const data = [1, Infinity];\n${squares('data')}`,
    expected: { datum: 'data[1]', value: '∞' },
  },
  'the expression that made it at load': {
    text: `const raw = [[1, 2], [5, 5]];
const unit = raw.map((xs) => { const lo = Math.min(...xs), hi = Math.max(...xs); return xs.map((x) => (x - lo) / (hi - lo)); });
${squares('unit.flat()')}`,
    expected: {
      datum: 'unit[1][0]',
      others: 1,
      role: 'made-by',
      expression: '(x - lo) / (hi - lo)',
      inputs: [0, 0],
    },
  },
  'the expression that made it, after harmless infinities': {
    text: `const least = [3, 1].map((x) => Math.max(Math.log(0 * x), x));
const unit = least.map((x) => { const off = Math.log(0 * x); return x / (1 - x / x) + Math.max(off, 0); });
${squares('unit')}`,
    expected: { datum: 'unit[0]', role: 'made-by', expression: 'x / (1 - x / x)' },
  },
  'an element that only code at load uses': {
    text: `const data = [1, NaN, 3];
const mean = data.reduce((a, b) => a + b, 0) / data.length;
const centred = [4, 5].map((x) => x - mean);
${squares('centred')}`,
    expected: { datum: 'data[1]', role: 'enters-in', expression: 'a + b' },
  },
  'elements that a loop fills': {
    text: `const data: number[] = [];\nfor (const x of [1, 0, 4]) data.push(x / x);\n${squares('data')}`,
    expected: { datum: 'data[1]', role: 'made-by', expression: 'x / x', inputs: [0, 0] },
  },
  'an element that is read into a cache': {
    text: `const data = [1, NaN];\nlet cache: number[] | null = null;
${squares('(cache ??= data.map((x) => 2 * x))')}`,
    expected: { datum: 'data[1]', expression: '2 * x' },
  },
  'an element, by finite differences': {
    text: `const data = [1, NaN];\n${squares('data').replace('@steps', '@gradientMode finite-difference @steps')}`,
    expected: { datum: 'data[1]', expression: 'v - m' },
  },
  'a sample': {
    text: `const data = [1, 2, 3, 4, NaN, 6, 7, 8];
/** @loss @start [0] @samples 8 @batch 2 @steps 8 */
export const loss = ([m]: number[], { indices }: { indices: number[] }): number =>
  indices.reduce((s, i) => s + (data[i]! - m) ** 2, 0);`,
    expected: { datum: 'data[4]', sample: 4 },
  },
  'an exposure of 0': {
    text: `const rows = [{ k: 2, e: 1 }, { k: 0, e: 2 }, { k: 1, e: 0 }, { k: 3, e: 0 }];
/** @loss @start [1] @steps 3 */
export const loss = ([mu]: number[]): number => rows.reduce((s, { k, e }) => s + mu * e - k * Math.log(mu * e), 0);`,
    expected: {
      datum: 'rows[2].e',
      value: '0',
      others: 1,
      role: 'enters-in',
      expression: 'Math.log(mu * e)',
    },
  },
  'a standard deviation of 0': {
    text: `const sigma = [1, 0.5, 0, 2];
${squares('sigma').replace('(v - m) ** 2', '((1 - m) / v) ** 2')}`,
    expected: { datum: 'sigma[2]', value: '0', expression: '(1 - m) / v' },
  },
  'a logarithm of a negative datum': {
    text: `const data = [1, 2, -3];
${squares('data').replace('(v - m)', '(Math.log(v) - m)')}`,
    expected: { datum: 'data[2]', value: '-3', expression: 'Math.log(v)' },
  },
  'a share of 1': {
    text: `const data = [0.1, 1, 0.3];
${squares('data').replace('(v - m)', '(Math.log(1 - v) - m)')}`,
    expected: { datum: 'data[1]', value: '1', expression: 'Math.log(1 - v)' },
  },
  'an exposure of 0 in a mini-batch': {
    text: `const e = [1, 2, 3, 0, 5, 6];
/** @loss @start [1] @samples 6 @batch 2 @steps 6 */
export const loss = ([m]: number[], { indices }: { indices: number[] }): number =>
  indices.reduce((s, i) => s + m * e[i]! - Math.log(m * e[i]!), 0);`,
    expected: { datum: 'e[3]', value: '0', sample: 3 },
  },
};

async function findingsOf({ text, others = {} }: Omit<Case, 'expected'>): Promise<readonly Finding[]> {
  const file = path.join(folderWith({ 'loss.ts': text, ...others }), 'loss.ts');
  const [declaration] = discover(text, file, 'named');
  const { config, source, problems } = planRun(declaration!, { below: [], above: [] });
  expect(problems).toEqual([]);
  let findings: readonly Finding[] = [];
  const run = new RunJob(jobs, {
    source,
    config,
    limits: { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 },
  });
  run.open({ onFindings: (found) => (findings = found) });
  await run.ended;
  return findings;
}

describe('a non-finite loss names the datum that is its cause', () => {
  it.each(Object.entries(cases))('%s', async (_name, { expected, ...program }) => {
    const finding = (await findingsOf(program)).find(({ code }) => code === 'non-finite-loss')!;
    expectWellWorded(finding);
    expect(finding.origin).toMatchObject({ kind: 'non-finite-datum', ...expected });
    expect(finding.detail).toContain(expected.datum);
    if (expected.others) expect(finding.detail).toContain(`and ${expected.others} more`);
    expect(finding.location).toEqual(finding.origin!.location);
    if (expected.expression) {
      const { file, line, column } = finding.location!;
      const shown = readFileSync(file, 'utf8')
        .split('\n')
        [line - 1]!.slice(column - 1);
      expect(shown.startsWith(expected.expression)).toBe(true);
    }
  });

  const blameless: Readonly<Record<string, string>> = {
    'a NaN that is not used, if the parameters are the cause': `const data = [1, NaN];
/** @loss @start [-1] @steps 3 */
export const loss = ([m]: number[]): number => Math.log(m) + data[0]!;`,
    'a NaN that is skipped, if an overflow is the cause': `const data = [1, NaN];
/** @loss @start [800] @steps 3 */
export const loss = ([m]: number[]): number => data.filter((v) => v > 0).reduce((s, v) => s + v * Math.exp(m), 0);`,
    'an infinite limit, if a division is the cause': `const limits = [-Infinity, Infinity];
/** @loss @start [0] @steps 3 */
export const loss = ([m]: number[]): number => 1 / Math.min(Math.max(m, limits[0]!), limits[1]!);`,
    'a datum of 0, if the start is at the border, too': `const data = [0, 1];
/** @loss @start [0] @steps 3 */
export const loss = ([m]: number[]): number => data.reduce((s, v) => s - Math.log(m + v), m);`,
    'a label of 0, if a share of the parameters is 0': `const labels = [0, 1];
/** @loss @start [0] @steps 3 */
export const loss = ([m]: number[]): number => labels.reduce((s, y) => s - y * Math.log(m) - (1 - y) * Math.log(1 - m), 0);`,
  };

  it.each(Object.entries(blameless))('but not %s', async (_name, text) => {
    const finding = (await findingsOf({ text })).find(({ code }) => code === 'non-finite-loss')!;
    expect(finding.origin?.kind).toBe('non-finite-value');
  });

  it('names the expression that reads the value, if it is in a closure', async () => {
    const text = `const make = (ys: number[]) => ([m]: number[]): number => ys.reduce((s, v) => s + (v - m) ** 2, 0);
/** @loss @start [1] @steps 3 */
export const loss = make([1, NaN]);`;
    const finding = (await findingsOf({ text })).find(({ code }) => code === 'non-finite-loss')!;
    expect(finding.origin).toMatchObject({
      kind: 'non-finite-value',
      expression: 'v - m',
      inputs: [Number.NaN, 1],
    });
  });
});
