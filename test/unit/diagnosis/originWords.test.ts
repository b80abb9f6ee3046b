import { expect, it } from 'vitest';
import type { Origin } from '../../../src/core/diagnosis/finding';
import { originSentence } from '../../../src/core/diagnosis/originWords';

const location = { file: '/a.ts', line: 1, column: 1, endLine: 1, endColumn: 5 };
const value = { location, expression: 'x / y', inputs: [1.00004, 0], result: Number.POSITIVE_INFINITY };
const datum = {
  kind: 'non-finite-datum',
  location,
  variable: location,
  inputs: [],
  datum: 'rows[2].x',
  value: 'NaN',
  others: 0,
  isCounted: true,
  sample: null,
} as const;

it.each<[Origin, string]>([
  [{ ...value, kind: 'non-finite-value' }, '`x / y` with inputs 1 and 0 is ∞.'],
  [
    {
      ...value,
      kind: 'non-finite-derivative',
      expression: 'Math.sqrt(\n  x,\n)',
      inputs: [0],
      result: Number.NaN,
    },
    '`Math.sqrt( x, )` with input 0 has a derivative of NaN, although its value is finite.',
  ],
  [
    { kind: 'cut-derivative', location, expression: 'x | 0' },
    '`x | 0` changes in jumps, so its derivative is 0.',
  ],
  [
    { kind: 'lost-derivative', location, expression: 'x.detach()' },
    '`x.detach()` depends on the parameters, but passes no derivative on.',
  ],
  [{ ...datum, role: 'enters-in', expression: 'x - m' }, '`rows[2].x` enters the computation in `x - m`.'],
  [
    { ...datum, role: 'made-by', expression: 'v / sd', inputs: [0, 0] },
    '`rows[2].x` was computed when the module was loaded: `v / sd` with inputs 0 and 0 is NaN.',
  ],
  [{ ...datum, role: 'variable', expression: 'rows' }, '`rows[2].x` is NaN.'],
])('describes an origin in one sentence: %j', (origin, sentence) => {
  expect(originSentence(origin)).toBe(sentence);
});

it('shortens a long expression to its beginning', () => {
  const expression = `${'x + '.repeat(40)}x`;
  const sentence = originSentence({ kind: 'cut-derivative', location, expression });
  expect(sentence).toContain('…');
  expect(sentence.length).toBeLessThan(110);
});
