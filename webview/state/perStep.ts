import { globalQuantities, type Quantity } from '../../src/protocol/panel';

const perStep: ReadonlySet<Quantity> = new Set(globalQuantities);

/** Whether a quantity has one value per step, not one per coordinate. */
export function isPerStep(quantity: Quantity): boolean {
  return perStep.has(quantity);
}
