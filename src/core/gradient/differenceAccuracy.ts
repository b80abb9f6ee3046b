import { formatNumber } from '../numerics/format';

/** How accurate finite differences are of a loss that does not compute in double precision. */
export interface DifferenceAccuracy {
  /** The estimated error of a component, relative to the largest one; null if the gradient was 0. */
  readonly error: number | null;
  /** The rounding error of the loss, relative to its size. */
  readonly noise: number;
}

/** Rounding errors that are usual for a loss in a format of 24 or 11 bits: a few roundings, and fewer bits that matter. */
const formats = [
  { name: 'single precision', from: 2e-9, to: 2e-6 },
  { name: 'half precision', from: 2e-5, to: 1e-2 },
] as const;

/** "relative accuracy about 2e-3, because the loss computes to about single precision" */
export function accuracyWords({ error, noise }: DifferenceAccuracy): string {
  const format = formats.find(({ from, to }) => noise >= from && noise <= to);
  const cause = format
    ? `because the loss computes to about ${format.name}`
    : `because values of the loss have a relative error of ${formatNumber(noise, 1)}`;
  return `${error === null ? 'relative accuracy unknown' : `relative accuracy about ${formatNumber(error, 1)}`}, ${cause}`;
}
