import { describe, expect, it } from 'vitest';
import { diagnosed } from '../diagnosis/support/diagnosed';
import { type Problem, problem } from '../diagnosis/support/problems';

/** scale (x − 3)², from 5. */
const parabola = (scale: number): Problem =>
  problem([5], (p, grad) => {
    grad[0] = 2 * scale * (p[0]! - 3);
    return scale * (p[0]! - 3) ** 2;
  });

/** −exp(x): its square gradient overflows at x = 355, the loss itself at 710. */
const falling = problem([340], (p, grad) => {
  grad[0] = -Math.exp(p[0]!);
  return -Math.exp(p[0]!);
});

const patch = (name: string) => ({ optimizer: { name, lr: 0.1 }, steps: 300 });

describe('a run whose second moment overflowed', () => {
  it.for(['adam', 'adamw', 'rmsprop', 'adagrad'])('has not reached a stationary point: %s', async (name) => {
    const { end, verdict, of } = await diagnosed(parabola(1e170), [patch(name)], { around: true });
    expect(end.frozenAt).toBe(1);
    expect(end.polished).toBeNull();
    expect(verdict).toMatchObject({
      kind: 'stalled',
      headline: 'Stalled: a moment of the optimizer overflowed at step 1, so no step follows the gradient.',
    });
    expect(of('plateau')).toBeUndefined();
  });

  it('is unbounded, where the loss fell until then', async () => {
    const { end, verdict, of } = await diagnosed(falling, [patch('adam')], { around: true });
    expect(end.frozenAt).toBeGreaterThan(100);
    expect(verdict.kind).toBe('unbounded');
    expect(of('plateau')).toBeUndefined();
  });

  it('is not one that stands still at its minimum, or that moves', async () => {
    const still = problem([3], (p, grad) => {
      grad[0] = 2e100 * (p[0]! - 3);
      return 1e100 * (p[0]! - 3) ** 2;
    });
    expect((await diagnosed(still, [patch('adam')], { around: true })).end.frozenAt).toBeNull();
    expect((await diagnosed(parabola(1e100), [patch('adam')], { around: true })).end.frozenAt).toBeNull();
  });
});
