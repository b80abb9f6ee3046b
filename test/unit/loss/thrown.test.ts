import { describe, expect, it } from 'vitest';
import { CodedError, describeThrown, problemOf } from '../../../src/loss/providers/thrown';

const location = { file: '/w/f.ts', line: 3, column: 17, endLine: 3, endColumn: 18 };
const source = { lossName: 'f', location };
const circular: Record<string, unknown> = {};
circular.self = circular;
const hostile = {
  get name(): string {
    throw new Error('no name');
  },
};

describe('the value thrown by user code, as one sentence', () => {
  it.each<[string, unknown, string]>([
    ['an error', new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['an error without a message', new RangeError(), 'RangeError'],
    ['a string', 'no', 'threw "no"'],
    ['a plain object', { why: 'odd' }, 'threw {"why":"odd"}'],
    ['nothing', undefined, 'threw undefined'],
    ['a circular object', circular, 'threw [object Object]'],
    ['a bigint', 3n, 'threw [object BigInt]'],
    [
      'an error whose name throws',
      Object.setPrototypeOf(hostile, Error.prototype),
      'threw a value that cannot be shown',
    ],
    ['a function', () => 1, 'threw () => 1'],
    ['an escape sequence of terminals', new Error('\u001b[31mred\u0007'), 'Error: \\x1b[31mred\\x07'],
    ['an error of two lines', new Error('a\nb'), 'Error: a\nb'],
  ])('%s', (_name, thrown, words) => {
    expect(describeThrown(thrown)).toBe(words);
  });

  it.each([new Error('x'.repeat(5e7)), 'x'.repeat(5e7), { long: 'x'.repeat(5e7) }])(
    'of at most some 2,000 characters, however long',
    (thrown) => {
      expect(describeThrown(thrown).length).toBeLessThan(2100);
    },
  );
});

describe('the problem for a thrown value', () => {
  it('has the place of the error, or else of the name of the loss', () => {
    const place = { location: { ...location, line: 7 }, stack: 'Error' };
    expect(problemOf(new Error('no'), source, place)).toEqual({
      code: 'loss-threw',
      severity: 'error',
      message: 'f failed: Error: no',
      ...place,
    });
    expect(problemOf(new Error('no'), source, null, 4)).toMatchObject({
      message: 'f failed at step 4: Error: no',
      location,
    });
  });

  it('has the code of the error, if it has one', () => {
    expect(
      problemOf(new CodedError('wrong-result', 'f must return a number'), source, null, 2),
    ).toMatchObject({
      code: 'wrong-result',
      message: 'f must return a number (at step 2)',
    });
  });
});
