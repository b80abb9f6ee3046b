import { beforeAll, describe, expect, it } from 'vitest';
import { type FaultCase, faultCase, faultPrograms } from '../../support/faults/cases';
import { allFaultCodes } from '../../support/faults/codes';
import { parseLabel } from '../../support/faults/label';

const programs = faultPrograms();

describe('the labels of the corpus', () => {
  it.each(programs.map((program) => [program.name, program] as const))('%s', (_, program) => {
    expect(() => faultCase(program)).not.toThrow();
  });

  it('have unique names', () => {
    const names = programs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  let cases: readonly FaultCase[];
  beforeAll(() => {
    cases = programs.map(faultCase);
  });

  it.each(allFaultCodes)(
    '%s: at least two programs where it is reported, and two where it must not be',
    (code) => {
      expect(cases.filter(({ finds }) => finds.some((each) => each.code === code)).length).toBeGreaterThan(1);
      expect(cases.filter(({ silent }) => silent.includes(code)).length).toBeGreaterThan(1);
    },
  );

  it('refer to a place in their own annotation or function, except for called expressions', () => {
    for (const { finds, declaration } of cases)
      for (const { code, location } of finds) {
        const { extent } = declaration;
        const isOwn =
          location.file === declaration.file &&
          location.line >= extent.line &&
          location.endLine <= extent.endLine;
        if (!isOwn) expect(code).toMatch(/^(?:non-finite-|saturation$)/);
      }
  });
});

describe('parsing a label', () => {
  it('reads findings, places and reasons that span several lines', () => {
    const text = `
      Finds: divergence at «lr=0.03»; zero-gradient at «b» in «[a, b]»;
        non-finite-loss at «Math.log(x)» of other.ts; overfitting
      Silent: loss-spike; plateau:saddle
      May: plateau:converged
      Verdict: still-improving
      Edit: Math.log1p
      Because: of this,
        and of that.
    `;
    expect(parseLabel(text)).toEqual({
      finds: [
        { code: 'divergence', place: { text: 'lr=0.03', within: null, file: null } },
        { code: 'zero-gradient', place: { text: 'b', within: '[a, b]', file: null } },
        { code: 'non-finite-loss', place: { text: 'Math.log(x)', within: null, file: 'other.ts' } },
        { code: 'overfitting', place: null },
      ],
      silent: ['loss-spike', 'plateau:saddle'],
      may: ['plateau:converged'],
      verdict: 'still-improving',
      edit: 'Math.log1p',
      because: 'of this, and of that.',
    });
  });

  const because = '\nBecause: it is so.';
  it('may have no verdict', () => {
    expect(parseLabel(`Finds: divergence${because}`).verdict).toBeNull();
  });

  it.each([
    ['no findings', 'Because: it is so.', 'no Finds'],
    ['no reason', 'Finds: divergence', 'no Because'],
    ['nothing to guard against', `Finds: nothing${because}`, 'by Silent'],
    ['a code that there is not', `Finds: divergance${because}`, '"divergance" is no code'],
    ['a plateau without its class', `Finds: plateau${because}`, 'has its class'],
    ['a place without its marks', `Finds: divergence at lr=0.03${because}`, 'neither a code nor'],
    ['an open mark', `Finds: divergence at «lr=0.03${because}`, 'neither a code nor'],
    ['an unknown verdict', `Finds: divergence\nVerdict: fine${because}`, '"fine" is no verdict'],
    ['two verdicts', `Finds: divergence\nVerdict: stalled; unstable${because}`, 'is no verdict'],
    ['an empty verdict', `Finds: divergence\nVerdict:${because}`, 'is no verdict'],
    ['a key twice', `Finds: divergence\nFinds: overfitting${because}`, 'given twice'],
    ['words before it', `See there.\nFinds: divergence${because}`, 'begins with one of'],
    ['a warning that may come', `Finds: divergence\nMay: overfitting${because}`, 'no info'],
    ['expected and guarded against', `Finds: divergence\nSilent: divergence${because}`, 'Silent or May too'],
    [
      'allowed and guarded against',
      `Finds: divergence\nSilent: ill-conditioned\nMay: ill-conditioned${because}`,
      'by Silent and by May',
    ],
  ])('%s', (_, text, message) => {
    expect(() => parseLabel(text)).toThrow(message);
  });
});
