import { describe, expect, it } from 'vitest';
import { diagnosed } from '../../support/diagnosed';
import { problem } from '../../support/problems';

/** A slope of 1e-3, with a slope of `steep` from 1 on. */
const bent = (steep: number) =>
  problem([1.02], (p, grad) => {
    const above = Math.max(0, p[0]! - 1);
    grad[0] = 1e-3 + (above > 0 ? steep : 0);
    return 1e-3 * p[0]! + steep * above;
  });

async function slow(steep: number) {
  const { findings } = await diagnosed(bent(steep), [
    { optimizer: { name: 'adam', lr: 1e-3, beta2: 0.9999 }, steps: 2000 },
  ]);
  return findings.find(({ evidence }) => evidence.class === 'lr-too-small');
}

describe('a loss that decreases too slowly', () => {
  it('asks for a larger lr where the steps have the length lr', async () => {
    const finding = await slow(0);
    expect(finding?.detail).toContain('is too small to reach a minimum');
    // The slope never changes.
    expect(finding?.advice).toBe('Increase lr.');
  });

  it('does not where the second moment reflects larger gradients of earlier steps', async () => {
    const finding = await slow(1e-1);
    expect(finding?.detail).toContain(
      'because the second moment v reflects larger gradients of earlier steps',
    );
    expect(finding?.detail).not.toContain('too small');
    expect(finding?.advice).toBe('Use another optimizer, or a shorter memory of the second moment.');
  });

  it.each([
    [8, /^Increase lr, or run at least [\d.e]+ steps\.$/],
    [80, /^Increase lr: at this rate, at least [\d.e]+ steps are needed\.$/],
  ])(
    'says how many steps would be needed to a minimum at %d, which 2000 steps of 0.001 do not reach',
    async (far, advice) => {
      const bowl = problem([0], (p, grad) => {
        grad[0] = p[0]! - far;
        return 0.5 * (p[0]! - far) ** 2;
      });
      const { findings } = await diagnosed(bowl, [{ optimizer: { name: 'adam', lr: 1e-3 }, steps: 2000 }]);
      const finding = findings.find(({ evidence }) => evidence.class === 'lr-too-small');
      expect(finding?.advice).toMatch(advice);
    },
  );
});
