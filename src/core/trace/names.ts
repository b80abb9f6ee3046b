/** Quantities with one value a step. */
export type GlobalQuantity = 'loss' | 'best' | 'gradNorm' | 'clipFactor' | 'lr';

/** Quantities with one value a step and coordinate. */
export type CoordinateQuantity =
  | 'params'
  | 'grad'
  | 'm'
  | 'v'
  | 'vMax'
  | 'momentum'
  | 'mHat'
  | 'vHat'
  | 'effectiveLr'
  | 'update'
  | 'absUpdate'
  | 'updateOverBound';

export type Quantity = GlobalQuantity | CoordinateQuantity;
