import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Finding, Fix } from '../../../src/core/diagnosis/finding';
import { withTriedFixes } from '../../../src/core/verify/followedAdvice';

const adam: RunConfigPatch = { optimizer: { name: 'adam', lr: 0.1, beta2: 0.99 } };
const fixOf = (patch: RunConfigPatch): Fix => ({
  id: JSON.stringify(patch),
  title: 'the best fix',
  patch,
  verified: null,
});

function advised(advice: string, patches: readonly RunConfigPatch[], given = adam): string {
  const { config } = resolveConfig([given]);
  return withTriedFixes({ advice } as Finding, patches.map(fixOf), config).advice;
}

const larger: RunConfigPatch = { optimizer: { lr: 1 } };
const smaller: RunConfigPatch = { optimizer: { lr: 0.01 } };
const other: RunConfigPatch = { optimizer: { name: 'sgd', lr: 1 } };
const cosine: RunConfigPatch = { schedule: { name: 'cosine' } };

describe('the advice of a finding whose fixes were tried', () => {
  const choices = 'Decrease lr, decay it, or decrease beta2.';

  it('stays where the fixes agree with it, or none helps', () => {
    expect(advised(choices, [smaller])).toBe(choices);
    expect(advised(choices, [smaller, other])).toBe(choices);
    expect(advised(choices, [cosine])).toBe(choices);
    expect(advised(choices, [])).toBe(choices);
  });

  it('omits the choices whose opposite helps', () => {
    expect(advised(choices, [larger])).toBe('Decrease beta2.');
    expect(advised(choices, [smaller, larger])).toBe('Decrease beta2.');
    expect(advised(choices, [{ optimizer: { beta2: 0.999 } }])).toBe('Decrease lr or decay lr.');
    expect(advised('Increase lr, or run at least 900 steps.', [smaller])).toBe('Run at least 900 steps.');
    expect(advised('Increase lr, or run at least 900 steps.', [larger])).toContain('Increase lr');
  });

  it('keeps a decay where a larger learning rate decays', () => {
    expect(advised('Decrease lr or decay it.', [{ ...larger, ...cosine }])).toBe('Decay lr.');
    const decaying = { ...adam, ...cosine };
    expect(advised('Decrease lr or decay it.', [larger], decaying)).toBe('Decay lr.');
    expect(advised('Decrease lr or decay it.', [{ ...larger, schedule: null }], decaying)).toBe(
      'Use the best fix, which was tried.',
    );
  });

  it('is the best fix where no choice is left', () => {
    expect(advised('Decrease lr.', [larger])).toBe('Use the best fix, which was tried.');
    expect(advised('Increase lr, so that the parameters follow the minimum.', [smaller])).toBe(
      'Use the best fix, which was tried.',
    );
  });

  it('names no option of an optimizer that all fixes replace', () => {
    expect(advised('Decrease lr, or use a warmup.', [other])).toBe('Use a warmup.');
    expect(advised('Decrease lr.', [other, { optimizer: { name: 'rmsprop', lr: 0.01 } }])).toBe(
      'Use the best fix, which was tried.',
    );
  });

  it('compares the learning rate of a schedule that has its own', () => {
    const oneCycle: RunConfigPatch = { ...adam, schedule: { name: 'oneCycle', maxLr: 0.5 } };
    expect(advised('Decrease lr or use a warmup.', [{ schedule: { maxLr: 1 } }], oneCycle)).toBe(
      'Use a warmup.',
    );
    expect(advised('Decrease lr or use a warmup.', [{ schedule: { maxLr: 0.1 } }], oneCycle)).toContain(
      'Decrease',
    );
  });

  it('stays where it is no choice between options', () => {
    const text = 'Standardize the inputs or reparametrize the loss.';
    expect(advised(text, [larger])).toBe(text);
  });
});
