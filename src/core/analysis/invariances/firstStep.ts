import { phasesOf } from '../../phases';
import type { Ground } from './expectations';
import type { Path } from './follow';
import type { InvarianceCheck } from './invarianceCheck';

/**
 * Checks that the first step of an optimizer that divides by the size of the gradient is lr·sign(g) times a
 * constant of that optimizer, whatever the size of g. eps shortens it by its share of the denominator.
 */
export function firstStepOf(
  { config, theory, facts, firstGradient, tolerance }: Ground,
  base: Path,
): InvarianceCheck {
  const [step] = facts;
  const factor = theory.firstStep;
  const none = (why: string): InvarianceCheck => ({
    name: 'first step',
    expected: { kind: 'none', why },
    verdict: 'not applicable',
    deviation: Number.NaN,
    tolerance: Number.NaN,
    distance: new Float64Array(0),
  });
  if (factor === null) return none('the first step depends on the size of the gradient');
  if (!step || !base.points[1] || tolerance.horizon < 1)
    return none('the first step does not change the parameters');
  const length = step.lr * factor;
  if (!(length > 0 && length < Number.POSITIVE_INFINITY))
    return none('the length of the first step is not a positive finite number');

  const [{ definition, options }] = phasesOf(config);
  const decay = definition.decay(step.lr, options);
  let [deviation, share] = [0, 0];
  firstGradient.forEach((g, i) => {
    const own = base.points[1]![i]! - decay * base.points[0]![i]!;
    const expected = -length * Math.sign(g);
    deviation = Math.max(deviation, Math.abs(own - expected) / length);
    if (g !== 0) share = Math.max(share, step.epsShare[i]!);
  });
  const rounding = Number.EPSILON * (32 + (8 * step.size) / length);
  return {
    name: 'first step',
    expected: { kind: 'same', isExact: false, more: () => 0 },
    verdict: deviation <= share + rounding ? 'pass' : 'fail',
    deviation,
    tolerance: share + rounding,
    distance: new Float64Array(0),
  };
}
