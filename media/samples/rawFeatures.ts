/**
 * A linear fit of prices to area and year, as the data come: the year is near 2000, the area near 1. Compare it with its twin,
 * `standardisedFeatures.ts`, which has the same data, the same optimizer and the same number of steps.
 *
 * Look at the loss: Adam divides each coordinate by the size of its gradient, but the year and the intercept nearly cancel, and no
 * step of one coordinate alone can follow their valley. Standardised features still help Adam.
 */
const samples = Array.from({ length: 40 }, (_, i) => {
  const area = 0.5 + ((7 * i) % 40) / 40;
  const year = 1990 + ((11 * i) % 40) / 2;
  return { area, year, price: 3 * area + 0.2 * (year - 2000) + 1 };
});

/**
 * @loss
 * @start [0, 0, 0]
 * @names area year intercept
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function rawFeatures([area, year, intercept]: number[]): number {
  let sum = 0;
  for (const sample of samples) {
    const error = area * sample.area + year * sample.year + intercept - sample.price;
    sum += error * error;
  }
  return sum / samples.length;
}
