import type { CoordinateLayout } from '../coordinates/coordinateLayout';
import type { CoordinateQuantity } from '../trace/names';
import type { Quantities } from '../trace/quantities';
import type { StepValue } from './expression';

/** What an expression about the steps of a run can name. */
export interface StepNames {
  /** The values of a step. */
  readonly values: readonly StepValue[];
  /** Values of a step that are known only after the next one. */
  readonly later: readonly StepValue[];
  /** The quantities of each coordinate. */
  readonly quantities: readonly CoordinateQuantity[];
  readonly layout: CoordinateLayout;
  /** The coordinates that can be read, ascending. */
  readonly recorded: readonly number[];
}

/** Other names for values of a step. */
export const aliases: { readonly [alias: string]: StepValue } = { t: 'step', limit: 'stabilityLimit' };

/**
 * The names of a run.
 *
 * @param recorded  the recorded coordinates of the layout of `quantities`
 * @param when      `running`: the expression is evaluated right after its step, when the loss of the next step is not known yet
 */
export function stepNamesOf(
  quantities: Quantities,
  recorded: readonly number[],
  layout: CoordinateLayout,
  when: 'running' | 'recorded',
): StepNames {
  const values: StepValue[] = ['step'];
  const later: StepValue[] = [];
  const ofCoordinates: CoordinateQuantity[] = [];
  for (const { quantity } of quantities.infos) {
    if (quantities.isOfCoordinate(quantity)) ofCoordinates.push(quantity);
    else if (when === 'running' && quantity === 'actualChange') later.push(quantity);
    else values.push(quantity);
  }
  if (quantities.hasBound) values.push('bound');
  return { values, later, quantities: ofCoordinates, layout, recorded };
}
