import { describe, expect, it } from 'vitest';
import type { RunEnd } from '../../../src/core/ending/runEnd';
import type { RunOutcome } from '../../../src/core/runLoop';
import { verdictInWords } from '../../../src/core/verdict/verdictWords';

const outcome = { final: { gradNorm: 1e-3 }, best: { loss: 9, t: 100 } } as unknown as RunOutcome;

function detail(finalLoss: number, polishedLoss: number): string {
  const end: RunEnd = {
    stopped: 'steps',
    steps: 100,
    startLoss: 12,
    leastLoss: finalLoss,
    finalLoss,
    gradientShare: 1e-3,
    polished: { loss: polishedLoss, evaluations: 50 },
    beyond: null,
    saturation: null,
    oddScale: null,
    tail: null,
    isNoisy: false,
  };
  return verdictInWords('still-improving', { end, outcome, isAtSaddle: false }).detail;
}

describe('what a local search reaches', () => {
  it('is a loss, where its digits differ from those of the last one', () => {
    expect(detail(9.5, 9)).toBe(
      'The loss went from 12 to 9.5. A local search from the last point (50 evaluations) lowers it to 9.',
    );
  });

  it('is the difference, where both losses would be written alike', () => {
    expect(detail(9 + 7.6e-5, 9)).toBe(
      'The loss went from 12 to 9. A local search from the last point (50 evaluations) lowers it by 7.6e-5.',
    );
  });

  it('is nothing, where no lower loss was found', () => {
    expect(detail(9, 9)).toBe(
      'The loss went from 12 to 9. A local search from the last point (50 evaluations) finds no lower loss.',
    );
  });
});
