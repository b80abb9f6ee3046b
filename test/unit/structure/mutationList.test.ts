import { describe, expect, it } from 'vitest';
import { compare, itemOf, listedIn, type Report, resultsOf } from '../../../.ci/mutation/survivors.mjs';

const source = 'const f = (a) =>\n  a < 1\n    ? `a`\n    : 2;\n';
const place = (line: number, column: number, endLine: number, endColumn: number) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});
const report: Report = {
  files: {
    'src/f.ts': {
      source,
      mutants: [
        { status: 'Survived', location: place(2, 3, 2, 8), replacement: 'a <= 1' },
        { status: 'NoCoverage', location: place(2, 3, 4, 8), replacement: 'a > 1\n  ? 3 : 4' },
        { status: 'Killed', location: place(2, 3, 2, 8), replacement: 'true' },
        { status: 'Timeout', location: place(2, 3, 2, 8), replacement: 'false' },
        { status: 'Ignored', location: place(3, 7, 3, 13), replacement: '``' },
        { status: 'RuntimeError', location: place(3, 7, 3, 13), replacement: '' },
      ],
    },
  },
};
const { survivors, detected } = resultsOf(report);

describe('the list of mutants that no test can tell', () => {
  it('is compared with what a run left alive', () => {
    expect(detected).toBe(2);
    expect(survivors).toEqual([
      { file: 'src/f.ts', line: 2, code: 'a < 1', mutant: 'a <= 1' },
      { file: 'src/f.ts', line: 2, code: 'a < 1 ? `a` : 2', mutant: 'a > 1 ? 3 : 4' },
    ]);
    expect(compare(survivors, [])).toEqual({ unlisted: survivors, stale: [] });
  });

  it('is read as it is printed, and needs reasons', () => {
    const items = survivors.map(itemOf);
    const written = ['# Mutants', '## `src/f.ts`', ...items.map((item) => `${item} so it is.`)].join('\n');
    expect(compare(survivors, listedIn(written))).toEqual({ unlisted: [], stale: [] });
    expect(listedIn(['## `src/f.ts`', ...items].join('\n'))).toEqual([]);
    expect(listedIn(written.replace('src/f.ts', 'Other'))).toEqual([]);
  });

  it('has an item for each place, and none too many', () => {
    const [first] = survivors;
    const twice = [first!, { ...first!, line: 9 }];
    expect(compare(twice, [first!])).toEqual({ unlisted: [twice[1]], stale: [] });
    expect(compare([first!], twice)).toEqual({ unlisted: [], stale: [twice[1]] });
    expect(compare([first!], [{ ...first!, file: 'src/g.ts' }])).toEqual({
      unlisted: [first],
      stale: [{ ...first, file: 'src/g.ts' }],
    });
  });
});
