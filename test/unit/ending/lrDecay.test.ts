import { describe, expect, it } from 'vitest';
import { LrDecay } from '../../../src/core/ending/lrDecay';

const steps = 100;

/** The learning rate is 1 for some steps, then `low`. */
function watched(alive: number, low: number): LrDecay {
  const decay = new LrDecay();
  for (let t = 1; t <= steps; t++) decay.onStep({ t, lr: t <= alive ? 1 : low });
  return decay;
}

describe('the decay of the learning rate', () => {
  it('is early with 40 % of the steps to come', () => {
    expect(watched(59, 0).earlySince(steps)).toBe(60);
    expect(watched(60, 0).earlySince(steps)).toBeNull();
  });

  it('is one below a hundredth of the largest value', () => {
    expect(watched(10, 0.0099).earlySince(steps)).toBe(11);
    expect(watched(10, 0.0101).earlySince(steps)).toBeNull();
  });
});
