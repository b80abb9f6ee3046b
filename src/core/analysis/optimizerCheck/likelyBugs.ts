import { optionsOf } from '../../config/resolve';
import type { OptimizerConfig } from '../../config/runConfig';
import { optimizers } from '../../optimizers/registry';
import { Agreement } from './agreement';
import type { GradientSequence } from './sequences';
import { bug, type Slip, type SlipCode } from './slips/slip';
import { slipsOf } from './slips/slipsOf';
import { type MakeStep, pointsOf, registryStep } from './stepper';

/** A likely error in a step, or the optimizer that it equals instead of the reference. */
export interface LikelyBug {
  readonly code: SlipCode;
  readonly says: string;
  readonly kind: Slip['kind'];
}

/**
 * The errors with which the reference reproduces the user's path along all sequences, up to rounding, and
 * differs from the unchanged reference. Other optimizers and dialects ("it is adamw") are named only if no
 * error explains the path.
 */
export function likelyBugs(
  reference: OptimizerConfig,
  sequences: readonly GradientSequence[],
  references: readonly (readonly Float64Array[])[],
  own: readonly (readonly Float64Array[])[],
): readonly LikelyBug[] {
  const options = optionsOf(reference);
  const slips = [...slipsOf(reference), ...otherRate(reference, references[0]!, own[0]!)];
  const fitting = slips.filter(({ make }) => {
    const paths = sequences.map((sequence) => pointsOf(make, sequence));
    return (
      paths.every((path, k) => new Agreement(path, options).parting(own[k]!) === null) &&
      paths.some((path, k) => new Agreement(references[k]!, options).parting(path) !== null)
    );
  });
  const codes = new Set(fitting.map(({ code }) => code));
  const inside = fitting.filter(
    ({ code }) => !isIdentity(code) && !(code === 'state-and-t-forgotten' && codes.has('state-forgotten')),
  );
  // All optimizers and dialects that fit have the same path, so one of them is enough.
  const named = inside.length > 0 ? inside : fitting.slice(0, 1);
  return named.map(({ code, says, kind }) => ({ code, says, kind }));
}

function isIdentity(code: SlipCode): boolean {
  return code.startsWith('dialect-') || Object.keys(optimizers).some((name) => code === `is-${name}`);
}

/** The reference with the learning rate that the user's first step implies. */
function otherRate(
  { name, ...rest }: OptimizerConfig,
  reference: readonly Float64Array[],
  own: readonly Float64Array[],
): Slip[] {
  const lr = rest.lr as number;
  const ratio = (own[1]![0]! - own[0]![0]!) / (reference[1]![0]! - reference[0]![0]!);
  // Ten digits: the difference of the parameters is not more accurate.
  const rate = Number((lr * ratio).toPrecision(10));
  if (!(rate > 0) || rate === lr || rate === 1) return [];
  const make: MakeStep = registryStep(name, { ...optionsOf({ name, ...rest }), lr: rate });
  return [bug('other-lr', `the steps are those of lr = ${rate}; the reference has lr = ${lr}`, make)];
}
