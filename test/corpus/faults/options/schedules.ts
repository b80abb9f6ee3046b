import { normalFrom } from '../data/seeded.js';

const normal = normalFrom(47);
const truth = [1.5, -2, 1];
const rows = Array.from({ length: 64 }, () => {
  const x = truth.map(normal);
  return { x, y: x.reduce((sum, v, k) => sum + v * truth[k], 0.2 * normal()) };
});
type Batch = { indices: readonly number[] };
const squares = (w: number[], indices: readonly number[]): number =>
  indices.reduce((sum, i) => sum + (rows[i].x.reduce((s, v, k) => s + v * w[k], 0) - rows[i].y) ** 2, 0) / indices.length;
const bowl = (x: number, y: number): number => 0.5 * ((x - 3) ** 2 + (y + 1) ** 2);

/**
 * Finds: schedule-mismatch at «stepSize=10»
 * Silent: plateau:converged; plateau:lr-too-small; plateau:noise-floor
 * May: noise-limited
 * Verdict: stalled
 * Because: an epoch has 8 steps. Ten epochs were meant, but after ten steps lr is a tenth: all steps together cover 0.56 of 1 to 2.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @schedule step stepSize=10 gamma=0.1
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 7
 */
export function decaysPerBatch(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; loss-spike
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: the same schedule in steps: 80 of them cover up to 4 at the full learning rate, and the tenfold decays come afterwards.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @schedule step stepSize=160 gamma=0.1
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 7
 */
export function decaysPerTwentyEpochs(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: schedule-mismatch at «exponential gamma=0.95»
 * Silent: plateau:converged; zero-gradient
 * Verdict: stalled
 * Because: all learning rates together are 0.1·20 = 2, on a curvature of 0.2: the distance shrinks to e^−0.4, the loss to 0.45.
 * From step 91 on lr is below a hundredth of its first value, with 500 steps to come.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1
 * @schedule exponential gamma=0.95
 * @steps 600
 */
export function perEpochDecayPerStep([x, y]: number[]): number {
  return 0.2 * bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: lr·curvature = 0.5 converges within 40 steps, before the decay matters; afterwards it does not matter any more.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.5
 * @schedule exponential gamma=0.98
 * @steps 600
 */
export function arrivesBeforeTheDecay([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: schedule-mismatch at «totalSteps=5000»
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: still-improving
 * Because: the warm-up alone is planned for 1500 steps, and the run has 300: lr rises from 0.004 to 0.013 of 0.1, and the
 * steps cover 2 of 9.
 *
 * @loss
 * @start [0]
 * @optimizer adam
 * @schedule oneCycle maxLr=0.1 totalSteps=5000
 * @steps 300
 */
export function cycleOfALongerRun([x]: number[]): number {
  return (x - 9) ** 2;
}

/**
 * Finds: schedule-mismatch at «totalSteps=4000»
 * Silent: plateau:lr-too-small
 * Verdict: still-improving
 * Because: a warm-up of 1000 steps in a run of 250: the learning rates add up to 0.63, so the distance shrinks only to e^−0.63.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.02
 * @schedule warmupCosine warmup=1000 totalSteps=4000
 * @steps 250
 */
export function stillWarmingUp([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: schedule-mismatch at «tMax=10»
 * Silent: plateau:lr-too-small; oscillation
 * Verdict: still-improving
 * Because: an epoch has 8 steps, and half a period of 10 steps was meant as 10 epochs: lr turns 47 times in 480 steps, and is
 * half of 0.004 on average. The weights cover 0.96 of up to 2.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.004
 * @schedule cosine tMax=10
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 8
 */
export function turnsEveryEpoch(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; oscillation; loss-spike
 * May: plateau:converged
 * Verdict: converged
 * Because: restarts every 50 steps, at a learning rate that is stable at its peak: the distance shrinks tenfold in each period.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1
 * @schedule cosine tMax=25
 * @steps 400
 */
export function restartsAndArrives([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch
 * May: plateau:converged
 * Verdict: converged
 * Because: half a cosine that is planned for 25 times the run is a constant learning rate, and the run converges with it.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.2
 * @schedule cosine tMax=10000
 * @steps 400
 */
export function longPlanArrives([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * Verdict: converged
 * Because: a cosine over the whole run, as by default: the learning rates add up to 30, enough for a distance of 6.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.15
 * @schedule cosine
 * @steps 400
 */
export function cosineOverTheRun([x, y]: number[]): number {
  return bowl(x - 3, y + 2);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * Verdict: still-improving
 * Because: a run of 60 steps with a warm-up of 20: the schedule fits the run, which is too short: the learning rates add up to 0.5.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.01
 * @schedule linear startFactor=0.1 endFactor=1 totalIters=20
 * @steps 60
 */
export function warmsUpAndEnds([x]: number[]): number {
  return 0.5 * (x - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; loss-spike
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: decays at three and four fifths of the run; the weights arrive in a third of it, and the rest averages the noise.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.03 momentum=0.5
 * @schedule multiStep milestones=[288,384] gamma=0.1
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 9
 */
export function milestones(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; loss-spike
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: an epoch has 8 steps, so lr is full for 160 steps, which cover up to 8; the tenfold decays come afterwards.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @schedule step stepSize=20 gamma=0.1 unit=epoch
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 7
 */
export function stepsOfTwentyEpochs(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; plateau:lr-too-small
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: per epoch, the rates add up to 8·0.05·20 = 8, for distances of 1 to 2. Per step they would add up to 1.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @schedule exponential gamma=0.95 unit=epoch
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 7
 */
export function decaysSlowlyPerEpoch(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: schedule-mismatch at «stepSize=1»
 * Silent: plateau:converged; plateau:lr-too-small; plateau:noise-floor
 * May: noise-limited
 * Verdict: stalled
 * Because: lr is a tenth after the 8 steps of each epoch: all steps together cover 8·0.05/0.9 = 0.44 of 1 to 2.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.05
 * @schedule step stepSize=1 gamma=0.1 unit=epoch
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 7
 */
export function tenthEveryEpoch(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: schedule-mismatch at «totalSteps=480»
 * Silent: plateau:lr-too-small; plateau:converged
 * May: noise-limited
 * Verdict: still-improving
 * Because: 480 steps were meant, and 480 epochs are planned, 100 of them for the warm-up: lr rises to 0.6 of 0.004 in the 60 epochs, so
 * the weights cover 480·0.004·0.3 = 0.58 of 1 to 2.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.004
 * @schedule warmupCosine warmup=100 totalSteps=480 unit=epoch
 * @samples 64
 * @batch 8
 * @epochs 60
 * @seed 7
 */
export function stepsTakenForEpochs(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: schedule-mismatch at «tMax=500»
 * Silent: plateau:lr-too-small; oscillation
 * Verdict: still-improving
 * Because: half a period is half of the run, so lr falls to 0 at step 501 and is back at 0.05 at the end. The loss is 0.045 of 24, and falls
 * by 1 % a step: the steps in the second half come late, when lr has risen again.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.05
 * @schedule cosine tMax=500
 * @steps 1000
 */
export function fallsAndRisesOnce([x, y]: number[]): number {
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
}

/**
 * Finds: schedule-mismatch at «tMax=360»; oscillation at «lr=0.3»
 * Silent: plateau:flat-valley
 * Verdict: unstable
 * Because: the slope is 1 on both sides of the kink, so x jumps by lr. At step 361 lr is 0 and the loss 3e-7; at the end lr is back at 0.22,
 * and the loss at 0.11. A cosine over the run ends at 1e-6.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.3
 * @schedule cosine tMax=360
 * @steps 600
 */
export function endsWhileRising([x]: number[]): number {
  return Math.abs(x - 3.1);
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; oscillation; loss-spike
 * May: plateau:converged
 * Verdict: converged
 * Because: lr rises again in the last tenth of the run, to 3 % of its largest value; the run has arrived before.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.1
 * @schedule cosine tMax=540
 * @steps 600
 */
export function risesALittle([x, y]: number[]): number {
  return bowl(x, y);
}

/**
 * Finds: schedule-mismatch at «stepSize=50»
 * Silent: plateau:lr-too-small; plateau:converged
 * May: ill-conditioned
 * Verdict: stalled
 * Because: lr adds up to 0.5 on a curvature of 0.1 along y: the distance of 4 shrinks by 5 %. What is left, 0.72, is 1/600 of the decrease
 * along x, but a hundredth of lr is reached at step 101, and lr is 0 for the rest of the run.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.009
 * @schedule step stepSize=50 gamma=0.1
 * @steps 1000
 */
export function decaysBesideASteepTerm([x, y]: number[]): number {
  return 50 * (x - 3) ** 2 + 0.05 * (y - 4) ** 2;
}

/**
 * Finds: schedule-mismatch at «stepSize=50»
 * Silent: plateau:converged; plateau:lr-too-small
 * Verdict: stalled
 * Because: lr is 0.009 for 50 steps and then 9e-5 and less: the distance of 0.2 along y, with curvature 1, shrinks only to 0.126. The loss of 0.008
 * is 2e-5 of the decrease, and not 0 only because lr is.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.009
 * @schedule step stepSize=50 gamma=0.01
 * @steps 1000
 */
export function stopsJustBefore([x, y]: number[]): number {
  return 50 * (x - 3) ** 2 + 0.5 * (y - 0.2) ** 2;
}

/**
 * Finds: nothing
 * Silent: schedule-mismatch; oscillation
 * May: plateau:converged
 * Verdict: converged
 * Because: at a kink the distance is that of the steps. lr shrinks by 3 % a step, and the sum of the rest is 33 times lr, so x stays within
 * reach of the kink until the end, at 1e-10, although lr is below a hundredth from step 153.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.3
 * @schedule exponential gamma=0.97
 * @steps 600
 */
export function decaysAtAKink([x]: number[]): number {
  return Math.abs(x - 3.1);
}
