import weather from './weather.json';

/** Measured values of which some are missing. */
const temperatures = [11.5, 12.25, NaN, 14, 12.75];

/**
 * Finds: non-finite-loss at «reading - level»
 * Verdict: broken
 * Because: temperatures[2] is NaN, and every sum with it is NaN, at any level.
 *
 * @loss
 * @start [10]
 * @optimizer sgd lr=0.1
 * @steps 50
 */
export function level([level]: number[]): number {
  return temperatures.reduce((sum, reading) => sum + (reading - level) ** 2, 0) / temperatures.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the NaN is left out, and the mean of the other four is reached: each step multiplies the distance by 0.8.
 *
 * @loss
 * @start [10]
 * @optimizer sgd lr=0.1
 * @steps 80
 */
export function levelOfKnown([level]: number[]): number {
  const known = temperatures.filter((reading) => !Number.isNaN(reading));
  return known.reduce((sum, reading) => sum + (reading - level) ** 2, 0) / known.length;
}

interface Sale {
  readonly area: number;
  readonly price?: number;
  readonly note: string | null;
}

const sales: Sale[] = [
  { area: 0.5, price: 1.1, note: null },
  { area: 1, price: 2, note: 'corner' },
  { area: 1.5, note: null },
  { area: 2, price: 3.9, note: '' },
];

/**
 * Finds: non-finite-loss at «slope * area - price!»
 * Verdict: broken
 * Because: the third sale has no price: undefined becomes NaN in the difference.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=0.1
 * @steps 50
 */
export function priceByArea([slope]: number[]): number {
  let sum = 0;
  for (const { area, price } of sales) sum += (slope * area - price!) ** 2;
  return sum / sales.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the sale without a price is skipped; the notes that are empty or null are no numbers and are not used.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=0.1
 * @steps 80
 */
export function priceWhereKnown([slope]: number[]): number {
  let sum = 0;
  let count = 0;
  for (const { area, price } of sales) {
    if (price === undefined) continue;
    sum += (slope * area - price) ** 2;
    count++;
  }
  return sum / count;
}

const columns = [
  [1, 2, 3, 4],
  [7, 7, 7, 7],
];
const targets = [1.5, 2.5, 3, 4.5];

function standardised(values: readonly number[]): number[] {
  const centre = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = Math.sqrt(values.reduce((a, b) => a + (b - centre) ** 2, 0) / values.length);
  return values.map((v) => (v - centre) / spread);
}

const features = columns.map(standardised);

/**
 * Finds: non-finite-loss at «(v - centre) / spread» of missing.ts
 * Verdict: broken
 * Because: the second column is constant, so its spread is 0, and every element of features[1] is 0/0.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.1
 * @steps 50
 */
export function standardUnits([a, b, base]: number[]): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++)
    sum += (a * features[0]![i]! + b * features[1]![i]! + base - targets[i]!) ** 2;
  return sum / targets.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: only the first column is used, which is finite. Its mean is 0 and its variance 1, so both curvatures are 2.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1
 * @steps 80
 */
export function firstColumnOnly([a, base]: number[]): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (a * features[0]![i]! + base - targets[i]!) ** 2;
  return sum / targets.length;
}

/**
 * Finds: non-finite-loss at «Math.log(amount)»
 * Verdict: broken
 * Because: weather.rain[3] is null in the file, which Math.log converts to 0, so the loss is infinite.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.1
 * @steps 50
 */
export function logRain([level]: number[]): number {
  let sum = 0;
  for (const amount of weather.rain as number[]) sum += (Math.log(amount) - level) ** 2;
  return sum / weather.rain.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the missing wind is replaced by 0, as written, and the loss is finite: its minimum is the mean 9.4.
 *
 * @loss
 * @start [8]
 * @optimizer sgd lr=0.1
 * @steps 80
 */
export function windOrCalm([level]: number[]): number {
  return weather.wind.reduce((sum: number, speed) => sum + ((speed ?? 0) - level) ** 2, 0) / weather.wind.length;
}

const pulses = Float64Array.of(62, 64, Number.NaN, 66);
const meanPulse = pulses.reduce((a, b) => a + b, 0) / pulses.length;
const deviations = Array.from(pulses.slice(0, 2), (pulse) => pulse - meanPulse);

/**
 * Finds: non-finite-loss at «a + b» in «pulses.reduce((a, b) => a + b, 0)» of missing.ts
 * Verdict: broken
 * Because: pulses[2] is NaN, so the mean that is computed at load is NaN, and with it every deviation, although the
 * deviations that are used come from finite pulses.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.1
 * @steps 50
 */
export function pulseDeviation([shift]: number[]): number {
  return deviations.reduce((sum, d) => sum + (d - shift) ** 2, 0);
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the smallest of three squares, from Infinity: the nearest to 0.9 is (x - 1)², whose minimum is 0.
 *
 * @loss
 * @start [0.9]
 * @optimizer sgd lr=0.1
 * @steps 100
 */
export function nearestCentre([x]: number[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (const centre of centres) best = Math.min(best, (x - centre) ** 2);
  return best;
}

const centres = [-2, 1, 5];
const upperLimits = [Number.POSITIVE_INFINITY, 3];

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the first parameter has no upper limit, which is written as Infinity; the minimum (2, 1) is inside.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1
 * @steps 100
 */
export function withLimits([a, b]: number[]): number {
  const inside = [a, b].map((x, i) => Math.min(x!, upperLimits[i]!));
  return (inside[0]! - 2) ** 2 + (inside[1]! - 1) ** 2;
}

const heights = new Map([
  ['ada', 1.71],
  ['ben', Number.NaN],
  ['cyd', 1.83],
]);

/**
 * Finds: non-finite-loss at «height - mean»
 * Verdict: broken
 * Because: the height of ben is NaN; differences of the loss are NaN too.
 *
 * @loss
 * @start [1.5]
 * @optimizer sgd lr=0.1
 * @gradientMode finite-difference
 * @steps 50
 */
export function meanHeight([mean]: number[]): number {
  let sum = 0;
  for (const [, height] of heights) sum += (height - mean) ** 2;
  return sum;
}

/**
 * Finds: non-finite-loss at «Math.log(scale)»
 * Silent: non-finite-gradient
 * Verdict: broken
 * Because: the start has a negative scale, so its logarithm is NaN. The NaN among the temperatures is skipped.
 *
 * @loss
 * @start [10, -1]
 * @optimizer sgd lr=0.1
 * @steps 50
 */
export function scaleBelowZero([level, scale]: number[]): number {
  let sum = 0;
  for (const reading of temperatures) if (reading > 0) sum += (reading - level) ** 2 / scale + Math.log(scale);
  return sum;
}

const signal = Array.from({ length: 24 }, (_, i) => ({ at: i / 24, value: i === 17 ? Number.NaN : 2 * (i / 24) }));

/**
 * Finds: non-finite-loss at «slope * at - value»
 * Verdict: broken
 * Because: sample 17 has the value NaN, so the loss is NaN at the step whose batch contains it.
 *
 * @loss
 * @start [0]
 * @samples 24
 * @batch 4
 * @optimizer sgd lr=0.1
 * @epochs 5
 */
export function slopeOfSamples([slope]: number[], { indices }: { indices: number[] }): number {
  let sum = 0;
  for (const i of indices) {
    const { at, value } = signal[i]!;
    sum += (slope * at - value) ** 2;
  }
  return sum / indices.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: only samples 0 to 15 are used, whose values are 2 t: slope 2 fits them exactly.
 *
 * @loss
 * @start [0]
 * @samples 16
 * @batch 4
 * @optimizer sgd lr=0.5
 * @epochs 60
 */
export function slopeOfFirst([slope]: number[], { indices }: { indices: number[] }): number {
  let sum = 0;
  for (const i of indices) {
    const { at, value } = signal[i]!;
    sum += (slope * at - value) ** 2;
  }
  return sum / indices.length;
}
