import { globalQuantities, type Quantity } from '../../src/protocol/panel';

const perStep: ReadonlySet<Quantity> = new Set(globalQuantities);

/** Whether a quantity is one number a step, not one a coordinate. */
export function isPerStep(quantity: Quantity): boolean {
  return perStep.has(quantity);
}
