import type { RunConfig } from '../config/runConfig';
import { formulasOf, groupFormulasOf } from './coordinateFormulas';
import type { CoordinateQuantity } from './names';

/** The quantiles of a band: least, 5 %, 25 %, median, 75 %, 95 %, largest. */
export const bandLevels = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** The quantities whose quantiles over all coordinates are recorded. */
export const bandQuantities = [
  'params',
  'grad',
  'absUpdate',
  'effectiveLr',
  'mHat',
  'vHat',
  'snr',
  'epsShare',
] as const satisfies readonly CoordinateQuantity[];
export type BandName = (typeof bandQuantities)[number];

/** Of a run with fewer coordinates, each has a line of its own. */
const fewestCoordinates = 33;

/** The bands of a run: of the quantities that its optimizers have, if it has many coordinates. */
export function bandNamesOf(config: RunConfig, dim: number): BandName[] {
  if (dim < fewestCoordinates) return [];
  const all = [...formulasOf(config), ...(groupFormulasOf(config) ?? [])];
  return bandQuantities.filter((name) => all.some(({ formulas }) => formulas[name] !== undefined));
}
