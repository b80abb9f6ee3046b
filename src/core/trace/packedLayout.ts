import { type SpreadCoordinates, spreadOf, spreadOut } from '../coordinates/coordinateSet';
import type { StepLayout } from './layout';

/** A layout as it leaves a thread or a process, and as files contain it: without a number for each recorded coordinate. */
export type PackedLayout = Omit<StepLayout, 'coordinates'> & { readonly coordinates: SpreadCoordinates };

export function packedLayout(layout: StepLayout): PackedLayout {
  return { ...layout, coordinates: spreadOf(layout.coordinates, layout.dim) };
}

export function unpackedLayout(layout: PackedLayout): StepLayout {
  return { ...layout, coordinates: spreadOut(layout.coordinates) };
}
