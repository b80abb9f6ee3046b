import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import { LossTerms } from '../../../../src/core/diagnosis/terms/lossTerms';
import { ScriptedPath } from '../support/scriptedPath';

const { config } = resolveConfig([{ optimizer: { name: 'sgd' } }]);
/**
 * Losses over which a contextual loss is averaged, the largest number for a median, and the least number that
 * shows the noise.
 */
const contextualSteps = 20;
const mostBatches = 64;
const leastChanges = 20;
const divisibleByAllUpTo20 = 232_792_560;

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : 0.5 * sorted[half - 1]! + 0.5 * sorted[half]!;
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);

/** The terms by their definitions, from all losses so far. */
function plain(losses: readonly number[], E: number, isMean: boolean) {
  const finite = losses.flatMap((loss, k) => (Number.isFinite(loss) ? [{ loss, t: k + 1 }] : []));
  const raw = finite.map(({ loss }) => loss);
  const smooth = raw.map((_, k) => (isMean ? mean : median)(raw.slice(Math.max(0, k + 1 - E), k + 1)));
  const medians = smooth.flatMap((_, k) => (k < 2 ? [] : [median(smooth.slice(k - 2, k + 1))]));
  const start = smooth[0] ?? Number.NaN;
  const loss = smooth.at(-1) ?? Number.NaN;
  const improvement = Math.max(0, start - Math.min(...medians));
  const changes = raw.slice(1).map((each, k) => Math.abs(each - raw[k]!));
  const needed = E === 1 ? 0 : Math.max(E, leastChanges);
  const noise = E > 1 && changes.length >= needed ? median(changes.slice(0, needed)) : 0;
  const firstChange =
    smooth
      .slice(1)
      .map((each, k) => Math.abs(each - smooth[k]!))
      .find((c) => c !== 0) ?? 0;
  const floor = 64 * Number.EPSILON * Math.max(Math.abs(start), Math.abs(loss));
  return {
    start,
    loss,
    smooth: medians.at(-1) ?? Number.NaN,
    improvement,
    lowestBelowStart: Math.max(0, start - Math.min(...smooth)),
    noise,
    floor,
    scale: Math.max(improvement, firstChange, noise, floor),
    isReady: medians.length > 0 && changes.length >= needed,
    lastNotAboveStart: finite.findLast((_, k) => !(smooth[k]! > start))?.t ?? 0,
  };
}

function seen(terms: LossTerms) {
  const { start, loss, smooth, improvement, lowestBelowStart, noise, floor, scale } = terms;
  const { isReady, lastNotAboveStart } = terms;
  return {
    start,
    loss,
    smooth,
    improvement,
    lowestBelowStart,
    noise,
    floor,
    scale,
    isReady,
    lastNotAboveStart,
  };
}

describe('the terms of the loss', () => {
  it.each([
    [1, false, 1],
    [2, false, 2],
    [30, false, 30],
    [100, false, mostBatches],
    [1, true, contextualSteps],
    // With mini-batches the median is used, whatever the loss reads.
    [2, true, 2],
  ])(
    'with %d steps per epoch and contextual %s: E = %d, and each matches its definition',
    (stepsPerEpoch, isContextual, E) => {
      // Nothing is rounded: the losses are multiples of 1/8, and every mean of 20 losses is exact.
      const isMean = isContextual && stepsPerEpoch === 1;
      const unit = isMean ? divisibleByAllUpTo20 : 1 / 8;
      const losses = fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: -72, max: 72 }).map((n) => n * unit) },
          { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
        ),
        { maxLength: 130, size: 'max' },
      );
      fc.assert(
        fc.property(losses, (history) => {
          const terms = new LossTerms(stepsPerEpoch, isContextual);
          expect(terms.smoothedOver).toBe(E);
          const path = new ScriptedPath(config, 1);
          history.forEach((loss, k) => {
            terms.onStep(path.step({ loss }));
            const wanted = plain(history.slice(0, k + 1), E, isMean);
            expect(seen(terms)).toEqual(wanted);
          });
        }),
        { seed: 5, numRuns: 12 },
      );
    },
  );

  it('spread is the distance between the quartiles of the last E losses', () => {
    const contextual = new LossTerms(1, true);
    const path = new ScriptedPath(config, 1);
    for (let k = 0; k < 2 * contextualSteps; k++) contextual.onStep(path.step({ loss: k }));
    // Of 20 … 39: floor(0.25 · 19) = 4 and ceil(0.75 · 19) = 15.
    expect(contextual.spread).toBe(11);
  });

  it.each([
    ['never', [1, 0.5, 1, 0.2], 0, 0],
    ['at the end', [1, 0.5, 2, 3], 3, 0],
    ['but for one of many steps', [1, ...Array(20).fill(2), 0.5, 2], 2, 1],
    ['again after as many steps as count', [1, ...Array(9).fill(2), 0.5, 2], 12, 0],
    ['again', [1, 2, 2, 0.5, 0.5, 2, 2], 6, 0],
  ])('know since when the loss has been above its start: %s', (_, losses, from, except) => {
    const terms = new LossTerms(1);
    const path = new ScriptedPath(config, 1);
    for (const loss of losses) terms.onStep(path.step({ loss }));
    expect(terms.rise).toMatchObject({ from, except });
  });
});
