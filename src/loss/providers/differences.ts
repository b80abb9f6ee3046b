import type { DifferenceAccuracy } from '../../core/gradient/differenceAccuracy';
import { mostDifferences, withFiniteDifferences } from '../../core/gradient/finiteDifference';
import type { Objective } from '../../core/objective';
import { CodedError } from './thrown';

/**
 * An objective whose gradient is computed by finite differences. With too many coordinates for that, its value is known, and its
 * gradient is refused.
 *
 * @param name        of the loss, for messages
 * @param remedy      how its gradient can be given: "name a gradient function with @gradient"
 * @param onAccuracy  see `withFiniteDifferences`
 */
export function differencesOf(
  name: string,
  dim: number,
  value: Objective['value'],
  remedy: string,
  onAccuracy: (accuracy: DifferenceAccuracy) => void,
): Objective {
  if (dim <= mostDifferences) return withFiniteDifferences(dim, value, onAccuracy);
  return {
    dim,
    gradientMode: 'finite-difference',
    value,
    valueAndGradient() {
      throw new CodedError(
        'too-many-differences',
        `${name} has ${dim} coordinates, but finite differences are computed for at most ${mostDifferences}: make its gradient exact, or ${remedy}`,
      );
    },
  };
}
