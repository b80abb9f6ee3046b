import type { LossDeclaration } from '../loss/declaration';
import type { LossPlaces } from './debugHost';

/** The places of a declared loss. */
export function placesOf({ location, extent, annotation }: LossDeclaration): LossPlaces {
  return { name: location, extent, optimizer: annotation?.places.get('optimizer') ?? null };
}
