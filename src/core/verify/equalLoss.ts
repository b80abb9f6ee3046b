/** Losses count as equal up to this share of the lower one, or of the decrease from `from`. */
const equalShare = 1e-3;
const equalDecrease = 1e-9;

/**
 * Whether two losses, the lower one first, differ so little that the simpler configuration is preferred.
 *
 * @param from  the loss from which the decrease counts; null: only the share of the lower one counts
 */
export function isEqualLoss(lower: number, higher: number, from: number | null): boolean {
  const decrease = from === null ? 0 : from - lower;
  return (
    higher - lower <= Math.max(equalShare * Math.abs(lower), decrease > 0 ? equalDecrease * decrease : 0)
  );
}

/**
 * The loss from which the decrease of a better run counts: the final loss of the user's run, if that is below its start. The first steps
 * may have removed an enormous term, beside which all that the runs reach would be equal.
 */
export function decreasesFrom(startLoss: number, finalLoss: number): number {
  return finalLoss < startLoss ? finalLoss : startLoss;
}
