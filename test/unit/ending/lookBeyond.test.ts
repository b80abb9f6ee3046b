import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { contextAt } from '../../../src/core/context';
import { lookBeyond } from '../../../src/core/ending/lookBeyond';
import { problem } from '../diagnosis/support/problems';

const open = () => contextAt(0, batchesOf(null, null, 0), 1, [])();

/** What is seen from one coordinate along a step. */
function seen(loss: (x: number) => number, from: number, step: number) {
  const { objective } = problem([from], (p, grad) => {
    grad[0] = Number.NaN;
    return loss(p[0]!);
  });
  return lookBeyond(objective, Float64Array.of(from), Float64Array.of(step), open, 0);
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('a look far beyond the last point', () => {
  it('finds no bound of a line', async () => {
    expect(await seen((x) => x, 0, -1e-5)).toMatchObject({ distance: 1e6 });
  });

  it('finds the asymptote of a squared error, though the run moved by a millionth of its parameter', async () => {
    // A million of these steps end in the middle of the slope, where each decade of the distance gains more than the last.
    expect(await seen((x) => (sigmoid(x) - 0.2) ** 2, 14.5, -1.2e-5)).toBeNull();
    expect(await seen((x) => sigmoid(x), 20, -1.5e-5)).toBeNull();
  });

  it('does not jump over a pole from a minimum beside it', async () => {
    // The order quantity: 20 at q = 4, and below every bound for q < 0.
    expect(await seen((q) => 40 / q + 2.5 * q, 4, -8)).toBeNull();
    expect(await seen((d) => d + 100 / (d - 5), 15, -25)).toBeNull();
  });

  it('does not cross a wall, or a gap in the domain', async () => {
    expect(await seen((x) => (x < -0.4 && x > -0.6 ? 10 : x), 0, -1)).toBeNull();
    expect(await seen((x) => (x < -0.4 && x > -0.6 ? Number.NaN : x), 0, -1)).toBeNull();
  });

  it('takes a decrease that rounding hides for none near the point', async () => {
    expect(await seen((x) => 1e12 + x, 0, -1e-2)).not.toBeNull();
  });

  it('goes as far beyond parameters that hardly moved as finds no bound of a line there', async () => {
    const beyond = await seen((x) => x, 20, -1e-6);
    expect(beyond!.distance * 1e-6).toBeGreaterThanOrEqual(1000 * 20);
  });
});
