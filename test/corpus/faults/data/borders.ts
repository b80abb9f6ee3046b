// Finite data at which a logarithm or a quotient has no value.

const wards = [
  { cases: 2, days: 1.5 },
  { cases: 1, days: 0 },
  { cases: 4, days: 2.5 },
];

/**
 * Finds: non-finite-loss at «Math.log(rate * days)»
 * Verdict: broken
 * Edit: none
 * Because: the second ward has a case, but 0 days: its term is −log(0) at any rate. No start and no learning rate change that, and a guard
 *   would add a constant for an impossible row.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.05
 * @steps 100
 */
export function incidence([rate]: number[]): number {
  return wards.reduce((sum, { cases, days }) => sum + rate * days - cases * Math.log(rate * days), 0);
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the ward without days is left out: the rate is 6 cases in 4 days.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=0.1
 * @steps 100
 */
export function incidenceOfOpenWards([rate]: number[]): number {
  return wards
    .filter(({ days }) => days > 0)
    .reduce((sum, { cases, days }) => sum + rate * days - cases * Math.log(rate * days), 0);
}

const deviations = [0.5, 1, 0, 2];
const readings = [3, 3.5, 3.1, 2];

/**
 * Finds: non-finite-loss at «1 / deviations[i] ** 2»
 * Verdict: broken
 * Because: the third reading has the deviation 0, so its weight is 1/0.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.05
 * @steps 100
 */
export function weightedLevel([level]: number[]): number {
  return readings.reduce((sum, reading, i) => sum + (1 / deviations[i] ** 2) * (reading - level) ** 2, 0);
}
