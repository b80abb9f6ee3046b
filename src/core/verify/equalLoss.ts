/** Losses count as equal up to this share of the lower one, or of the decrease from the start. */
const equalShare = 1e-3;
const equalDecrease = 1e-9;

/** Whether two losses, the lower one first, differ so little that the simpler configuration is preferred. */
export function isEqualLoss(lower: number, higher: number, startLoss: number): boolean {
  const decrease = startLoss - lower;
  return (
    higher - lower <= Math.max(equalShare * Math.abs(lower), decrease > 0 ? equalDecrease * decrease : 0)
  );
}
