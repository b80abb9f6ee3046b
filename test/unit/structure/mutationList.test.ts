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
const results = resultsOf(report);
const { survivors, slow } = results;

describe('the list of mutants that no test detects', () => {
  it('is compared with the surviving mutants of a run', () => {
    expect(results.noticed).toBe(2);
    expect(survivors).toEqual([
      { file: 'src/f.ts', line: 2, code: 'a < 1', mutant: 'a <= 1' },
      { file: 'src/f.ts', line: 2, code: 'a < 1 ? `a` : 2', mutant: 'a > 1 ? 3 : 4' },
    ]);
    expect(slow).toEqual([{ file: 'src/f.ts', line: 2, code: 'a < 1', mutant: 'false' }]);
    expect(compare(results, [])).toEqual({ unlisted: survivors, stale: [] });
  });

  it('is read in the format in which it is printed, and requires reasons', () => {
    const items = survivors.map(itemOf);
    const written = ['# Mutants', '## `src/f.ts`', ...items.map((item) => `${item} so it is.`)].join('\n');
    expect(compare(results, listedIn(written))).toEqual({ unlisted: [], stale: [] });
    expect(listedIn(['## `src/f.ts`', ...items].join('\n'))).toEqual([]);
    expect(listedIn(written.replace('src/f.ts', 'Other'))).toEqual([]);
  });

  it('has one item per place, and no superfluous ones', () => {
    const [first] = survivors;
    const twice = [first!, { ...first!, line: 9 }];
    const elsewhere = { ...first!, file: 'src/g.ts' };
    const compared = (left: typeof survivors, listed: typeof survivors) =>
      compare({ survivors: left, slow: [] }, listed);
    expect(compared(twice, [first!])).toEqual({ unlisted: [twice[1]], stale: [] });
    expect(compared([first!], twice)).toEqual({ unlisted: [], stale: [twice[1]] });
    expect(compared([first!], [elsewhere])).toEqual({ unlisted: [first], stale: [elsewhere] });
  });

  it('may contain mutants that timed out, but need not', () => {
    expect(compare({ survivors: [], slow }, slow)).toEqual({ unlisted: [], stale: [] });
    expect(compare({ survivors: [], slow }, [])).toEqual({ unlisted: [], stale: [] });
  });
});
