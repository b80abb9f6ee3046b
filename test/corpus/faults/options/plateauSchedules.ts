import { normalFrom } from '../data/seeded.js';

const normal = normalFrom(91);
const rows = Array.from({ length: 60 }, () => {
  const x = [normal(), normal()];
  return { x, y: 2 * x[0] - x[1] + 0.3 * normal() };
});
type Batch = { indices: readonly number[] };
const bowl = (x: number, y: number): number => 0.5 * ((x - 3) ** 2 + (y + 1) ** 2);

/**
 * Finds: schedule-mismatch at «reduceOnPlateau»
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: stalled
 * Because: the loss is 1000 above its decrease of 5, so the threshold of 1e-4 is 0.1, and the steps of 0.01 lower the loss by at most
 * 0.1. Once the loss falls by less than that in 11 steps, at a loss of about 1000.5, lr is cut tenfold again and again, and 0.33 of the
 * decrease of 5 is left.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.01
 * @schedule reduceOnPlateau
 * @steps 600
 */
export function improvesBelowTheThreshold([x, y]: number[]): number {
  return 1000 + bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: with a threshold of 1e-9 of the loss every step is an improvement, until the distance is 1e-3 and lr·600 = 6 has been spent.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.02
 * @schedule reduceOnPlateau threshold=1e-9
 * @steps 600
 */
export function improvesAboveTheThreshold([x, y]: number[]): number {
  return 1000 + bowl(x, y);
}

/**
 * Finds: schedule-mismatch at «patience=0»
 * Silent: oscillation; plateau:converged
 * Because: with momentum 0.9 the loss oscillates: lr·curvature = 0.1 turns a period into 20 steps, half of which rise. Patience 0 cuts lr
 * tenfold at each loss that rises: the first rise ends it, at a distance that lr 1e-9 does not shorten.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1 momentum=0.9
 * @schedule reduceOnPlateau patience=0
 * @steps 500
 */
export function cutInTheFirstRise([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; oscillation; loss-spike
 * May: plateau:converged
 * Verdict: converged
 * Because: the same rises last 10 losses at most, and a patience of 30 outlasts them: the distance shrinks by 0.95 a step.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1 momentum=0.9
 * @schedule reduceOnPlateau patience=30
 * @steps 500
 */
export function outlastsTheRises([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: the distance halves in 7 steps. lr is below a hundredth from step 71, because decreases below 1e-4 of the constant 2 do not count,
 * but then the loss is within 2.2e-5 of its minimum: 4e-6 of its decrease.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1
 * @schedule reduceOnPlateau patience=5 factor=0.1
 * @steps 900
 */
export function cutAfterTheMinimum([x, y]: number[]): number {
  return 2 + bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; noise-limited; oscillation
 * May: plateau:converged; plateau:noise-floor
 * Verdict: converged
 * Because: batches of 6 of 60 keep the weights within 0.1 of the least squares solution. There the loss of an epoch no longer falls,
 * and the cuts of lr remove the noise that is left.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @schedule reduceOnPlateau patience=2 factor=0.3
 * @samples 60
 * @batch 6
 * @epochs 60
 * @seed 4
 */
export function cutAtTheNoise(w: number[], { indices }: Batch): number {
  return (
    indices.reduce((sum, i) => sum + (rows[i].x[0] * w[0] + rows[i].x[1] * w[1] - rows[i].y) ** 2, 0) /
    indices.length
  );
}

/**
 * Finds: schedule-mismatch at «factor=0.001» in «reduceOnPlateau factor=0.001»
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: stalled
 * Because: Adam overshoots in the valley of curvature 50, so that after 20 steps no loss of the last 10 was 5 % below the lowest one. The cut
 * makes lr 2e-5: the other 1480 steps cover at most 0.03 of the 20 to the minimum.
 *
 * @loss
 * @start [-20, 0.2]
 * @optimizer adam lr=0.02
 * @schedule reduceOnPlateau factor=0.001 threshold=0.05
 * @steps 1500
 */
export function oneCutIsEnough([x, y]: number[]): number {
  return 0.001 * x * x + 25 * y * y + 1;
}

/**
 * Finds: schedule-mismatch at «totalIters=5000»
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: still-improving
 * Because: a warm-up over 5000 steps in a run of 300: lr reaches 0.07 of its value, and the steps together cover 1.2 of 9.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.1
 * @schedule linear startFactor=0.01 totalIters=5000
 * @steps 300
 */
export function warmsUpBeyondTheRun([x]: number[]): number {
  return (x - 9) ** 2;
}

/**
 * Finds: schedule-mismatch at «totalIters=100»
 * Silent: plateau:lr-too-small
 * Verdict: still-improving
 * Because: 100 epochs of warm-up in a run of 10: lr ends at 0.1 of its value, so the 100 steps cover at most 0.05·100·0.01 = 0.05 of 1 to 2.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01
 * @schedule linear startFactor=0.001 totalIters=100 unit=epoch
 * @samples 60
 * @batch 6
 * @epochs 10
 * @seed 4
 */
export function warmsUpForManyEpochs(w: number[], { indices }: Batch): number {
  return cutAtTheNoise(w, { indices });
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: the same warm-up with lr·curvature = 60: at 0.01 to 0.07 of that the distance shrinks to e^−200.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=20
 * @schedule linear startFactor=0.01 totalIters=5000
 * @steps 300
 */
export function arrivesDuringTheWarmUp([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: plateau:lr-too-small at «lr=0.001»
 * Silent: schedule-mismatch
 * Verdict: still-improving
 * Because: from 0.9 to 1 the schedule hardly changes lr. The run is far from its minimum because lr is small: 300·0.001 = 0.3 of 9.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.001
 * @schedule linear startFactor=0.9 totalIters=5000
 * @steps 300
 */
export function hardlyChanged([x]: number[]): number {
  return (x - 9) ** 2;
}
