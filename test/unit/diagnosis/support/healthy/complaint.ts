import type { RunNumbers } from './numbers';

/**
 * The defect of a run that its numbers alone show; null if there is none. Shares are relative to the possible
 * improvement, the loss at the start minus the least possible loss.
 *
 * @param watched the validation loss at the start and after each epoch; empty without validation
 */
export function complaintAbout(
  { losses, stability }: RunNumbers,
  least: number,
  isBatched: boolean,
  watched: readonly number[],
): string | null {
  const start = losses[0]!;
  const share = (loss: number) => (loss - least) / (start - least);
  // At a constant learning rate, mini-batch noise keeps the loss slightly above its minimum.
  const left = share(losses.at(-1)!);
  if (!(left <= (isBatched ? 0.05 : 0.02))) return `${percent(left)} is still to be won at the end`;
  // The first of the 24 parts is the warm-up.
  const highest = Math.max(...losses.slice(2));
  if (highest > start) return `the loss rises to ${highest}, above its start ${start}`;
  const lost = rise(losses.slice(losses.length >> 1)) / (start - least);
  if (!(lost <= (isBatched ? 0.04 : 0.01))) return `${percent(lost)} is lost again in the second half`;
  if (!(stability < 1)) return `the steps are at ${stability} of their stability limit`;
  const given = watched.length > 1 ? rise(watched) / (watched[0]! - Math.min(...watched)) : 0;
  return given <= 0.1 ? null : `the validation loss gives back ${percent(given)}`;
}

/** The largest rise above the minimum so far. */
function rise(losses: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const loss of losses) {
    least = Math.min(least, loss);
    most = Math.max(most, loss - least);
  }
  return most;
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)} %`;
}
