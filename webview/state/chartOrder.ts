import type { Quantity, QuantityView } from '../../src/protocol/panel';

/** The order in which a reader asks: did it work, what did the gradient do, what did the optimizer make of it. */
const order: readonly Quantity[] = [
  'loss',
  'gradNorm',
  'effectiveLr',
  'updateOverBound',
  'absUpdate',
  'mHat',
  'vHat',
  'lr',
  'clipFactor',
  'params',
  'grad',
  'm',
  'momentum',
  'v',
  'vMax',
  'update',
];

/** The charts of a run: what its optimizer has to show. The best loss so far is a line in the loss chart. */
export function chartsOf(quantities: readonly QuantityView[]): QuantityView[] {
  return quantities
    .filter(({ quantity }) => quantity !== 'best')
    .sort((a, b) => order.indexOf(a.quantity) - order.indexOf(b.quantity));
}

/** Positive quantities that span decades start on a log axis; a share or a plain setting does not. */
const logAtFirst: ReadonlySet<Quantity> = new Set([
  'loss',
  'gradNorm',
  'effectiveLr',
  'absUpdate',
  'vHat',
  'v',
  'vMax',
]);

/** The loss may take a log axis although it has a sign: while all of it is positive that is the better picture. */
export function mayBeLog(view: QuantityView): boolean {
  return !view.signed || view.quantity === 'loss';
}

export function startsLog(view: QuantityView): boolean {
  return mayBeLog(view) && logAtFirst.has(view.quantity);
}
