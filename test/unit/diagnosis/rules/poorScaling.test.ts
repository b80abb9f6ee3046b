import { expect, it } from 'vitest';
import type { OddScale } from '../../../../src/core/ending/heldBack';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

const ended = (oddScale: OddScale | null) =>
  new RuleBench('poor-scaling', { optimizer: { name: 'adam', lr: 0.1 } })
    .steps(100, () => ({ loss: 5, grad: 1 }))
    .finish({}, { ...farEnd, oddScale });

it('names the parameter and the unit in which to measure it', () => {
  const { finding } = ended({
    startsAtZero: false,
    broke: null,
    index: 0,
    kind: 'short',
    magnitude: 2.5e12,
    moved: 10,
    reached: 0.5,
  });
  expect(finding).toMatchObject({
    severity: 'warning',
    coordinates: [0],
    subject: { kind: 'parameter', index: 0 },
    evidence: { class: 'short', magnitude: 2.5e12, moved: 10, reached: 0.5, finalLoss: 5 },
    fixes: [
      { title: '0: lr 1e11, eps 1e-20', patch: { groups: [{ ranges: [[0, 0]], lr: 1e11, eps: 1e-20 }] } },
    ],
  });
  expect(finding!.advice).toContain('/ 1e12 instead');
});

it('names the class of a parameter with small numbers', () => {
  const { finding } = ended({
    startsAtZero: false,
    broke: null,
    index: 0,
    kind: 'long',
    magnitude: 3e-17,
    moved: 0.001,
    reached: 0,
  });
  expect(finding!.headline).toContain('too small');
  expect(finding!.advice).toContain('/ 1e-17 instead');
});

it('names what the first step of the parameter does, where the run broke', () => {
  const { finding } = ended({
    startsAtZero: false,
    broke: { from: 80, to: Number.POSITIVE_INFINITY },
    index: 0,
    kind: 'long',
    magnitude: 1e-11,
    moved: 0.05,
    reached: 30,
  });
  expect(finding!.detail).toContain('Its first step, of length 0.05, alone takes the loss from 80 to ∞. ');
  expect(finding!.detail).toContain('reach a loss of 30.');
  expect(finding!.evidence).toEqual({
    class: 'long',
    magnitude: 1e-11,
    moved: 0.05,
    reached: 30,
    before: 80,
    after: Number.POSITIVE_INFINITY,
  });
});

it('is silent without evidence', () => {
  expect(ended(null).found).toEqual([]);
});
