// Data columns far from mean 0 and deviation 1, which make the loss ill-conditioned.

const flats = [
  { area: 45, year: 1962, rent: 0.62 },
  { area: 62, year: 1988, rent: 0.9 },
  { area: 80, year: 1975, rent: 0.98 },
  { area: 55, year: 2005, rent: 0.95 },
  { area: 120, year: 1994, rent: 1.5 },
  { area: 96, year: 2012, rent: 1.42 },
];

/**
 * Finds: divergence at «lr=0.01»
 * Verdict: diverged
 * Edit: standardise area, year
 * Because: years are near 2000, so the curvature along perYear is about 2·2000² = 8e6, and the limit of lr 2.5e-7. With both columns
 *   standardised the curvatures are near 2: 0.01 is stable, and 400 steps reduce the error along each by 0.98^400 = 3e-4.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.01
 * @steps 400
 */
export function rents([perMetre, perYear, base]: number[]): number {
  let sum = 0;
  for (const flat of flats) sum += (perMetre! * flat.area + perYear! * flat.year + base! - flat.rent) ** 2;
  return sum / flats.length;
}

const doses = [0.5, 1, 1.5, 2, 2.5, 3];
const responses = [1.1, 1.9, 3.2, 3.9, 5.1, 6];

/**
 * Finds: nothing
 * Silent: ill-conditioned; divergence
 * Verdict: converged
 * Edit: none
 * Because: doses near 1 need no other unit: the curvatures are 0.3 and 10, lr 0.1 is half the limit, and 600 steps leave
 *   nothing of the error.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1
 * @steps 2000
 */
export function doseResponse([slope, offset]: number[]): number {
  let sum = 0;
  for (let i = 0; i < doses.length; i++) sum += (slope! * doses[i]! + offset! - responses[i]!) ** 2;
  return sum / doses.length;
}

const seconds = [1000, 1500, 2000, 2500, 3000, 3500];
const depths = [2.1, 2.9, 4.2, 4.8, 6.1, 6.9];

/**
 * Finds: ill-conditioned; instability-at-start at «lr=0.05»
 * Edit: standardise seconds
 * Because: the first step moves both parameters by lr = 0.05, and 0.05 per second is 25 times the slope of the tide. The curvature
 *   along the rate is 2·mean(seconds²) = 1.2e7, along the offset beside it about 0.27. Standardised, both curvatures are 2, and 600
 *   steps of 0.05 reach the minimum at (1.7, 4.5).
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function tide([rate, offset]: number[]): number {
  return seconds.reduce((sum, s, i) => sum + (rate! * s + offset! - depths[i]!) ** 2, 0) / seconds.length;
}

const houses = [
  { area: 145, year: 1962, rent: 1.62 },
  { area: 162, year: 1988, rent: 1.9 },
  { area: 180, year: 1975, rent: 1.98 },
  { area: 155, year: 2005, rent: 1.95 },
];

/**
 * Finds: divergence at «lr=0.01»
 * Verdict: diverged
 * Edit: none
 * Because: the penalty holds the rent of a metre near 0. In standardised columns it would hold another number, so
 *   the minimum would be that of another problem. The curvature along perYear is 8e6, and the limit of lr 2.5e-7, as in `rents`.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.01
 * @steps 400
 */
export function ridge([perMetre, perYear, base]: number[]): number {
  let sum = 10 * (perMetre! ** 2 + perYear! ** 2);
  for (const house of houses) sum += (perMetre! * house.area + perYear! * house.year + base! - house.rent) ** 2;
  return sum / houses.length;
}
