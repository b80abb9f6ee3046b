import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GradientCase, Point } from '../../corpus/gradients/case';
import { faultOf, faultOfOrigin, type Outcome } from '../../support/corpus/judge';
import {
  gradientCases,
  gradientsFolder,
  provenanceCases,
  provenanceFolder,
} from '../../support/corpus/tables';

const gradients = await gradientCases();
const provenance = await provenanceCases();
const exactly = (value: number, gradient: readonly number[]): Outcome => ({
  kind: 'exact',
  value,
  gradient,
  notes: [],
});
const fault = (gradientCase: GradientCase, outcome: Outcome, point = gradientCase.points[0]!) =>
  faultOf(gradientCase, point, outcome, gradientsFolder);

const plain: Point = { at: [1, 2], value: 3, gradient: [4, 0] };
const accepted: GradientCase = {
  name: 'a case',
  file: 'kinks/kinks.ts',
  loss: 'absLoss',
  dim: 2,
  points: [plain],
};
const place = { file: path.join(gradientsFolder, 'kinks/kinks.ts'), from: 0, to: 5 };

describe('the judge of gradients', () => {
  test('accepts rounding errors only', () => {
    expect(fault(accepted, exactly(3, [4, 0]))).toBeNull();
    expect(fault(accepted, exactly(3, [4 + 1e-10, 1e-10]))).toBeNull();
    expect(fault(accepted, exactly(3, [4 + 1e-9, 0]))).toContain('in place of');
    expect(fault(accepted, exactly(3, [4, -1e-9]))).toContain('in place of');
    expect(fault(accepted, exactly(3, [4, Number.NaN]))).toContain('in place of');
    expect(fault(accepted, exactly(3, [4]))).toContain('in place of');
    expect(fault(accepted, exactly(3 + 1e-8, [4, 0]))).toContain('the value');
    expect(fault({ ...accepted, noted: ['Math.abs(x)'] }, exactly(3, [4, 0]))).toContain('no note');
  });

  test('distinguishes infinities', () => {
    const points = [{ ...plain, gradient: [Number.POSITIVE_INFINITY, 1] }];
    expect(fault({ ...accepted, points }, exactly(3, [Number.POSITIVE_INFINITY, 1]))).toBeNull();
    expect(fault({ ...accepted, points }, exactly(3, [Number.NEGATIVE_INFINITY, 1]))).not.toBeNull();
    expect(fault({ ...accepted, points }, exactly(3, [1e300, 1]))).not.toBeNull();
  });

  test('accepts a refusal only where it is expected', () => {
    const refusal: Outcome = { kind: 'refused', code: 'json', message: 'JSON is text', spot: place };
    const refused = { ...accepted, refused: { expression: '// Losses with', why: 'json' } };
    expect(fault(accepted, refusal)).toContain('refused');
    expect(fault(refused, refusal)).toBeNull();
    expect(fault(refused, { ...refusal, spot: null })).toContain('no place');
    expect(fault(refused, { ...refusal, spot: { ...place, to: 100 } })).toContain('instead of');
    expect(fault(refused, { ...refusal, message: 'no' })).toContain('lacks');
    expect(fault(refused, exactly(3, [4, 0]))).toContain('not refused');
    expect(
      fault({ ...refused, refused: { ...refused.refused, orExact: true } }, exactly(3, [4, 0])),
    ).toBeNull();
    expect(
      fault({ ...refused, refused: { ...refused.refused, orExact: true } }, exactly(3, [5, 0])),
    ).not.toBeNull();
  });

  test('expects an error at the place of a kept value', () => {
    const stale = { ...plain, stale: { expression: '// Losses with' } };
    const error: Outcome = { kind: 'refused', code: 'stale-value', message: '', spot: place };
    expect(fault(accepted, error, stale)).toBeNull();
    expect(fault(accepted, { ...error, code: 'json' }, stale)).toContain('in place of stale-value');
    expect(fault(accepted, exactly(3, [4, 0]), stale)).toContain('gave the gradient');
  });

  test('accepts a gradient of zeros only where it is right', () => {
    for (const gradientCase of gradients.filter(({ refused }) => !refused))
      for (const point of gradientCase.points) {
        const zeros = exactly(
          point.value,
          point.at.map(() => 0),
        );
        if (point.stale || point.gradient.some((g) => g !== 0))
          expect(fault(gradientCase, zeros, point)).not.toBeNull();
      }
  });
});

describe('the judge of origins', () => {
  const c = provenance.find(({ name }) => name === '0/0')!;
  const file = path.join(provenanceFolder, c.file);

  test('compares the pass, the place, the operands and the result', () => {
    const from = readFileSync(file, 'utf8').indexOf(c.expression);
    const { pass, operands, made } = c;
    const found = { spot: { file, from, to: from + c.expression.length }, pass, operands, made };
    const judged = (more: object) => faultOfOrigin(c, { ...found, ...more }, provenanceFolder);
    expect(judged({})).toBeNull();
    expect(judged({ pass: 'backward' })).toContain('backward');
    expect(judged({ spot: { ...found.spot, from: from + 1 } })).toContain('the range');
    expect(judged({ spot: { ...found.spot, from: from - 1 } })).toContain('instead of');
    expect(judged({ spot: null })).toContain('no place');
    expect(judged({ operands: [0, 1] })).toContain('in place of');
    expect(judged({ made: Number.POSITIVE_INFINITY })).toContain('made');
    expect(faultOfOrigin(c, null, provenanceFolder)).toContain('nothing');
  });
});
