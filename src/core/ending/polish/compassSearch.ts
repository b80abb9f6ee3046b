import type { BudgetedLoss, Evaluated } from './budgetedLoss';

/** The shortest step, relative to the first one. */
const shortest = 2 ** -20;

/**
 * Descends from a point along the coordinates, with half the step when no coordinate lowers the loss (Kolda,
 * Lewis and Torczon, SIAM Review 45, 2003). It needs no gradient, so it also descends to a kink.
 *
 * @param reach  the first step
 */
export async function searchCoordinates(
  loss: BudgetedLoss,
  from: Evaluated,
  reach: number,
): Promise<Evaluated> {
  let now = from;
  for (let length = reach; length > shortest * reach; ) {
    const next = await lowerAlongACoordinate(loss, now, length);
    if (next === 'budget spent') break;
    if (next) now = next;
    else length /= 2;
  }
  return now;
}

async function lowerAlongACoordinate(
  loss: BudgetedLoss,
  { params, loss: least }: Evaluated,
  length: number,
): Promise<Evaluated | null | 'budget spent'> {
  for (let i = 0; i < params.length; i++)
    for (const by of [length, -length]) {
      if (loss.left <= 0) return 'budget spent';
      const at = params.slice();
      at[i]! += by;
      const tried = await loss.at(at);
      if (tried && tried.loss < least) return tried;
    }
  return null;
}
