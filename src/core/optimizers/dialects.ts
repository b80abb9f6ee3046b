import type { Dialect } from './dialect';
import { type OptimizerName, optimizers } from './registry';

/** The dialects that an optimizer is offered in, torch's first; torch's alone where there is one form. */
export function dialectsOf(name: OptimizerName): readonly Dialect[] {
  const spec = optimizers[name].options.dialect;
  return spec?.kind === 'choice' ? (spec.choices as readonly Dialect[]) : ['torch'];
}
