import { rows } from './houses.json';

/** Prices of houses by area, rooms and age. */
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const column = (k: number): number[] => rows.map((row) => row[k]);

/** A column with mean 0 and standard deviation 1. */
function standardised(k: number): number[] {
  const values = column(k);
  const centre = mean(values);
  const spread = Math.sqrt(mean(values.map((v) => (v - centre) ** 2)));
  return values.map((v) => (v - centre) / spread);
}

const [area, rooms, age] = [0, 1, 2].map(standardised);

/** Half the mean squared error, in units of 100,000. */
function squares(predict: (row: number[], i: number) => number): number {
  let sum = 0;
  rows.forEach((row, i) => {
    sum += (predict(row, i) - row[3] / 100) ** 2;
  });
  return sum / rows.length / 2;
}

/**
 * Finds: divergence at «lr=0.001»
 * Silent: non-finite-loss; non-finite-gradient
 * Verdict: diverged
 * Because: areas are in the hundreds, so the curvature is 14,100 and the limit 1.4e-4: the loss
 * grows 170-fold a step until it overflows, which is a consequence and not a separate fault.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=0.001
 * @steps 150
 */
export function asMeasured([perMetre, perRoom, perYear, base]: number[]): number {
  return squares(([a, r, y]) => perMetre * a + perRoom * r + perYear * y + base);
}

/**
 * Finds: ill-conditioned
 * Silent: plateau:lr-too-small; divergence
 * Because: the learning rate is 0.7 of the limit along the area, 14,100, and far too small along rooms, age and base,
 * 0.06 to 420: after 20 steps the loss is twice its minimum and stays there. A larger learning rate would be unstable.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=0.0001
 * @steps 600
 */
export function asMeasuredSlowly([perMetre, perRoom, perYear, base]: number[]): number {
  return squares(([a, r, y]) => perMetre * a + perRoom * r + perYear * y + base);
}

/**
 * Finds: nothing
 * Silent: ill-conditioned; plateau:lr-too-small
 * Because: the same prices over standardised columns: curvatures from
 * 0.09 to 2.1, and at t = 120 the loss is within 2e-5 of its minimum.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=0.3
 * @steps 120
 */
export function inStandardUnits([perMetre, perRoom, perYear, base]: number[]): number {
  return squares((_, i) => perMetre * area[i] + perRoom * rooms[i] + perYear * age[i] + base);
}

/**
 * Finds: plateau:lr-too-small at «lr=1e-6»
 * Silent: plateau:converged; plateau:flat-valley
 * Verdict: still-improving
 * Because: every step covers a millionth of the distance: 400 of them improve the loss,
 * by a thousandth, in a straight line, while a learning rate of 1 would be at the limit.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=1e-6
 * @steps 400
 */
export function hardlyMoving([perMetre, perRoom, perYear, base]: number[]): number {
  return squares((_, i) => perMetre * area[i] + perRoom * rooms[i] + perYear * age[i] + base);
}

/**
 * Finds: plateau:converged
 * Silent: plateau:flat-valley; plateau:saddle
 * Verdict: converged
 * Because: the normal equations are solved to rounding at t = 800, and nothing changes afterwards.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=0.3
 * @steps 1500
 */
export function longDone([perMetre, perRoom, perYear, base]: number[]): number {
  return squares((_, i) => perMetre * area[i] + perRoom * rooms[i] + perYear * age[i] + base);
}
