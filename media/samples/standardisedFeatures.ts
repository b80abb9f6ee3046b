/**
 * The twin of `rawFeatures.ts`: the same data, but each feature has mean 0 and deviation 1. The losses at the minimum are equal; only the
 * coordinates differ.
 */
const samples = Array.from({ length: 40 }, (_, i) => {
  const area = 0.5 + ((7 * i) % 40) / 40;
  const year = 1990 + ((11 * i) % 40) / 2;
  return { area, year, price: 3 * area + 0.2 * (year - 2000) + 1 };
});

function standardised(values: number[]): number[] {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / deviation);
}

const areas = standardised(samples.map(({ area }) => area));
const years = standardised(samples.map(({ year }) => year));

/**
 * @loss
 * @start [0, 0, 0]
 * @names area year intercept
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function standardisedFeatures([area, year, intercept]: number[]): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const error = area * areas[i] + year * years[i] + intercept - samples[i].price;
    sum += error * error;
  }
  return sum / samples.length;
}
