import { describe, expect, it } from 'vitest';
import { completions, hover } from '../../../src/loss/annotation/annotationAssist';
import { discover } from '../../../src/loss/discovery/discover';
import { derivativeProblems } from '../../../src/loss/discovery/javascript/derivatives';
import { LineMap } from '../../../src/loss/places/lineMap';

const file = '/w/a.ts';
const head = `import erf, { gamma as g } from 'x'; import * as ns from 'y';
export const [one, { two: three }] = [1, { two: 2 }];\n`;

const problemsOf = (text: string) => {
  const lines = new LineMap(file, text);
  return derivativeProblems(text, file).map(({ code, message, location, replacement }) => {
    const { from, to } = lines.range(location);
    return [code, text.slice(from, to), replacement ?? message];
  });
};

describe('an @derivative', () => {
  it.each([
    '/** @derivative erf */ export const d = (x) => 1;',
    '/** @derivative g */ function d(x) { return 1 }',
    '/** @derivative ns.a.b */ export default function d(x) { return 1 }',
    '/** @derivative three */\n// a note\nconst d = (x: number): number => 1;',
    '/** @derivative later */ const d = (x) => 1; function later() {}',
    '/** @param x\n * @derivative Model.energy */ export async function d(x) {}\nclass Model { static energy() {} }',
    '/** no tag: {@derivative erf} */ const d = 1;',
  ])('is right: %s', (text) => expect(problemsOf(head + text)).toEqual([]));

  it.each([
    ['/** @derivative erv */ const d = (x) => 1;', 'bad-derivative', 'erv', 'erf'],
    [
      '/** @derivative other.f */ const d = (x) => 1;',
      'bad-derivative',
      'other',
      /neither declared nor imported/,
    ],
    [
      '/** @derivative erf(x) */ const d = (x) => 1;',
      'bad-derivative',
      '@derivative erf(x)',
      /the name of one function/,
    ],
    [
      '/** @derivative erf */ const d = 1, e = 2;',
      'bad-derivative',
      '@derivative erf',
      /directly before a function/,
    ],
    ['/** @derivative erf */ export default (x) => 1;', 'bad-derivative', '@derivative erf', /with a name/],
    [
      'function f() { /** @derivative erf */ const d = (x) => 1; }',
      'bad-derivative',
      '@derivative erf',
      /top level/,
    ],
    ['/** @derivative d */ const d = (x) => 1;', 'bad-derivative', 'd', /its own derivative/],
    ['/** @derivative */ const d = (x) => 1;', 'missing-value', '@derivative', /a name/],
    ['/** @derivative erf gamma */ const d = (x) => 1;', 'unexpected-text', 'gamma', /gamma/],
    [
      '/** @derivative erf\n * @derivative g */ const d = (x) => 1;',
      'duplicate-tag',
      '@derivative g',
      /twice/,
    ],
    ['/** @derivative erf\n * @stpes 3 */ const d = (x) => 1;', 'unknown-tag', '@stpes', '@steps'],
  ])('is wrong: %s', (text, code, at, message) => {
    const expected = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(problemsOf(head + text)).toEqual([[code, at, expected]]);
  });

  it('of a loss reports the other problems of the annotation with the loss', () => {
    expect(problemsOf(`${head}/** @derivative erf\n * @loss @steps x */ export const d = (x) => 1;`)).toEqual(
      [],
    );
  });

  it('is completed with the names of the module, and explained', () => {
    const text = `${head}/** @derivative e */ const d = (x) => 1;`;
    const offset = text.indexOf('e */') + 1;
    const items = completions(text, file, offset);
    expect(items.map(({ label }) => label)).toEqual(['erf', 'g', 'ns', 'one', 'three', 'd']);
    const { from, to } = new LineMap(file, text).range(items[0]!.location);
    expect([from, to]).toEqual([offset - 1, offset]);
    expect(hover(text, file, text.indexOf('@der') + 2)?.doc).toContain('partial derivatives');
    const tag = completions('/** @deri */\nexport const d = 1;', file, 9);
    expect(tag.find(({ label }) => label === '@derivative')).toMatchObject({ insertText: '@derivative ' });
  });

  it('marks no loss, whatever the name of the function', () => {
    const loss = 'export function slopeOfLoss(p: number[]): number { return 1 }';
    expect(discover(loss, file, 'named')).toHaveLength(1);
    expect(discover(`${head}/** @derivative erf */\n${loss}`, file, 'named')).toEqual([]);
  });
});
