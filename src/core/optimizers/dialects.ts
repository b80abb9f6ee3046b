import type { Dialect } from './dialect';
import { type OptimizerName, optimizers } from './registry';

/** The available dialects of an optimizer, torch first; only torch if there is a single variant. */
export function dialectsOf(name: OptimizerName): readonly Dialect[] {
  const spec = optimizers[name].options.dialect;
  return spec?.kind === 'choice' ? (spec.choices as readonly Dialect[]) : ['torch'];
}
