export function logOfSpread(spread: number): number {
  return Math.log(spread);
}
