import { baseLr } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import type { Fix } from '../finding';
import { clipFix, lrFix, mayClip } from '../fixes';
import { roundToDigit } from '../words';

/** The indices of the entries that are NaN or infinite. */
export function nonFiniteIndices(x: Float64Array): number[] {
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i]!)) found.push(i);
  return found;
}

/**
 * Fixes with shorter steps, which may keep the run inside the domain of the loss.
 *
 * @param firstNorm  ‖g‖ of the first step; NaN if the loss is not finite at the start, which no step length
 *   can fix
 */
export function nonFiniteFixes(config: RunConfig, firstNorm: number): readonly Fix[] {
  const lr = baseLr(config);
  if (!(firstNorm >= 0) || !(lr > 0)) return [];
  const fixes = [lrFix(config, roundToDigit(lr / 10)), lrFix(config, roundToDigit(lr / 100))];
  if (mayClip(config) && firstNorm > 0 && Number.isFinite(firstNorm)) fixes.push(clipFix(firstNorm / 10));
  return fixes;
}
