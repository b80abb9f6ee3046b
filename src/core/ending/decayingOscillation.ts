/** The means of the loss over consecutive spans at the end of a run, each of which contains whole oscillations. */
export interface DecayingOscillation {
  /** The number of steps of a span. */
  readonly spanSteps: number;
  /** Of the last span and the one before. */
  readonly mean: number;
  readonly meanBefore: number;
}

const spans = 4;
/** The shares of a run that a span may have: a longer one contains slower oscillations, and more of the first steps. */
const shares = [1 / 8, 1 / 5];
/** A span of fewer losses shows no oscillation. */
const leastInSpan = 8;
/** From each span to the next, mean and maximum of the loss above the minimum must fall at least to this share. */
const each = 0.98;
/** Over all spans, they must fall at least to this share: those of a run that jitters may fall three times by chance. */
const all = 0.8;

/**
 * Whether the loss oscillates with a decaying envelope: in each of the last four eighths, or fifths, of the run it goes up and down, and
 * the mean and the maximum are lower than in the one before. A momentum close to 1 does this around a minimum that it approaches: how high the
 * loss is at the last step depends on the phase.
 *
 * @param losses  consecutive losses, or means of equally many
 * @param stepsPerLoss  the number of steps of each
 * @param low  the loss of the minimum, or the lowest that is known
 * @returns null if it does not, or the run was too short
 */
export function decayingOscillation(
  losses: Float64Array,
  stepsPerLoss: number,
  low: number,
): DecayingOscillation | null {
  for (const share of shares) {
    const found = inSpans(losses, Math.floor(share * losses.length), stepsPerLoss, low);
    if (found) return found;
  }
  return null;
}

function inSpans(
  losses: Float64Array,
  length: number,
  stepsPerLoss: number,
  low: number,
): DecayingOscillation | null {
  if (length < leastInSpan) return null;
  const parts = Array.from({ length: spans }, (_, k) => {
    const from = losses.length - (spans - k) * length;
    return losses.slice(from, from + length);
  });
  if (!parts.every(goesUpAndDown)) return null;
  const means = parts.map((part) => part.reduce((sum, loss) => sum + loss, 0) / length);
  const isDecaying = [means, parts.map((part) => Math.max(...part))].every((values) => decays(values, low));
  return isDecaying
    ? { spanSteps: length * stepsPerLoss, mean: means[spans - 1]!, meanBefore: means[spans - 2]! }
    : null;
}

function decays(values: readonly number[], low: number): boolean {
  const above = values.map((value) => value - low);
  return (
    above.every((value, k) => k === 0 || value <= each * above[k - 1]!) && above.at(-1)! <= all * above[0]!
  );
}

function goesUpAndDown(losses: Float64Array): boolean {
  let [rises, falls] = [false, false];
  for (let i = 1; i < losses.length; i++) {
    if (losses[i]! > losses[i - 1]!) rises = true;
    if (losses[i]! < losses[i - 1]!) falls = true;
  }
  return rises && falls;
}
