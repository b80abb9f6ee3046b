import type { ScalarName, StateName } from '../optimizers/optimizer';

/** Quantities with one value per step. */
export type GlobalQuantity =
  | 'loss'
  | 'best'
  | 'gradNorm'
  | 'clipFactor'
  | 'lr'
  | 'beta'
  | 'lossScale'
  | 'underflow'
  | 'overflow'
  | 'watched'
  | 'rms'
  | 'updateNorm'
  | 'updateNormP'
  | 'predictedChange'
  | 'actualChange'
  | 'stability'
  | 'stabilityLimit'
  | ScalarName;

/** Quantities with one value per step and coordinate. */
export type CoordinateQuantity =
  | 'params'
  | 'grad'
  | StateName
  | 'mHat'
  | 'vHat'
  | 'effectiveLr'
  | 'preconditioner'
  | 'snr'
  | 'epsShare'
  | 'fisher'
  | 'update'
  | 'absUpdate'
  | 'uncorrectedUpdate'
  | 'updateOverBound'
  | 'updateRatio';

export type Quantity = GlobalQuantity | CoordinateQuantity;
