import type { Options } from '../stepper';
import type { AdamText } from './adamText';
import type { SlipCode } from './slip';

/** How a beta changes over the steps. `text` is a formula of beta and t. */
interface Course {
  readonly text: string;
  readonly at: (beta: number, t: number) => number;
}

/** Kingma & Ba's first version has λ = 1 − 1e-8; Reddi et al. use beta1·λ^(t − 1) and beta1/t. */
const factors = [1 - 1e-8, 0.99, 0.999, 0.9, 0.95, 0.5];

const courses = (factor: number | null): readonly Course[] => [
  ...(factor === null || factors.includes(factor) ? factors : [factor, ...factors]).map(
    (lambda): Course => ({
      text: `beta·λ^(t − 1) with λ = ${lambda}`,
      at: (beta, t) => beta * lambda ** (t - 1),
    }),
  ),
  { text: 'beta/t', at: (beta, t) => beta / t },
  { text: 'beta/√t', at: (beta, t) => beta / Math.sqrt(t) },
  { text: 'beta^t', at: (beta, t) => beta ** t },
];

type Row = readonly [SlipCode, string, Partial<AdamText>];

/** The course of a beta, with the correction by beta^t, by beta_t^t, and by the product of all beta_s. */
function textsOf(name: 'beta1' | 'beta2', beta: number, course: Course): Partial<AdamText>[] {
  const at = (t: number) => course.at(beta, t);
  const gain = (t: number) => 1 - at(t);
  const product = (t: number) => {
    let all = 1;
    for (let s = 1; s <= t; s++) all *= at(s);
    return 1 - all;
  };
  const divisors = [null, (t: number) => 1 - at(t) ** t, product, (t: number) => 1 - at(t)];
  return divisors.map((divisor) =>
    name === 'beta1'
      ? { mKeep: at, mGain: gain, ...(divisor && { mDivisor: divisor }) }
      : { vKeep: at, vGain: gain, ...(divisor && { vDivisor: divisor }) },
  );
}

/**
 * A beta that changes over the steps although the reference keeps it.
 *
 * @param factor  λ of beta1 as the user's second step implies it; null if it implies none
 */
export function decayingBetas({ beta1, beta2 }: Options, factor: number | null): Row[] {
  const says = (names: string, { text }: Course) =>
    `${names} over the steps, ${text}: the reference keeps it constant`;
  return [
    ...courses(factor).flatMap((course) =>
      textsOf('beta1', beta1 as number, course).map(
        (change): Row => ['beta1-decays', says('beta1 decays', course), change],
      ),
    ),
    ...courses(null).flatMap((course) =>
      textsOf('beta2', beta2 as number, course).map(
        (change): Row => ['beta2-decays', says('beta2 decays', course), change],
      ),
    ),
    ...courses(null).flatMap((course) => {
      const ofV = textsOf('beta2', beta2 as number, course);
      return textsOf('beta1', beta1 as number, course).map(
        (change, k): Row => ['betas-decay', says('beta1 and beta2 decay', course), { ...change, ...ofV[k] }],
      );
    }),
  ];
}
