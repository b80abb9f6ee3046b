/** A rise above the start of more than this many times the decrease to the end is a leap. */
const leap = 100;

/** Whether a run's loss rose so far above the start that where the run came down afterwards is luck. */
export function hasLeapt(startLoss: number, highest: number, end: number): boolean {
  return highest - startLoss > leap * (startLoss - end);
}
