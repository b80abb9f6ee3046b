import { coordinateNames } from '../core/coordinates/coordinateNames';
import type { RunRecord } from './runRecord';

/** "params[x]", or "loss" for a quantity with one value per step. */
export function quantityName(
  { quantity, coordinate }: { readonly quantity: string; readonly coordinate: number | null },
  { config, source, layout }: RunRecord,
): string {
  if (coordinate === null) return quantity;
  return `${quantity}[${coordinateNames(config.names, source.parameterName, layout?.dim ?? 0)(coordinate)}]`;
}
