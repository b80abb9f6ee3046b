import { optionsOf } from '../../../config/resolve';
import type { OptimizerConfig } from '../../../config/runConfig';
import { optimizers } from '../../../optimizers/registry';
import { type MakeStep, pointsOf, referenceStep } from '../stepper';
import type { SeenPath } from './seenPath';
import { bug, type Slip } from './slip';

interface Course {
  readonly text: string;
  readonly at: (t: number) => number;
}

/**
 * A learning rate that changes over the steps, although the reference keeps it. The courses without a known
 * constant get it from the user's second step.
 */
export function lrSlips(reference: OptimizerConfig, path: SeenPath): Slip[] {
  const options = optionsOf(reference);
  const lr = options.lr as number;
  const { create } = optimizers[reference.name];
  const varying =
    ({ at }: Course): MakeStep =>
    (dim) => {
      const optimizer = create(dim, options);
      return (params, grad, t) => optimizer.step(params, grad, t, lr * at(t));
    };
  const known: Course[] = [
    { text: 'lr/√t', at: (t) => 1 / Math.sqrt(t) },
    { text: 'lr/t', at: (t) => 1 / t },
    { text: 'lr/(t + 1)', at: (t) => 1 / (t + 1) },
    { text: 'lr/√(t + 1)', at: (t) => 1 / Math.sqrt(t + 1) },
  ];
  return [...known, ...estimated(reference, path)].map((course) =>
    bug(
      'lr-decays',
      `lr changes over the steps, ${course.text}: the reference keeps it constant`,
      varying(course),
    ),
  );
}

function estimated(reference: OptimizerConfig, { points, gradients, coordinate: i }: SeenPath): Course[] {
  const [theta0, theta1, theta2] = points;
  if (!theta0 || !theta1 || !theta2) return [];
  const expected = pointsOf(referenceStep(reference), {
    name: '',
    start: theta0,
    gradients: gradients.slice(0, 2),
  });
  const ratio = (theta2[i]! - theta1[i]!) / (expected[2]![i]! - expected[1]![i]!);
  // Nine digits: the difference of the parameters is not more accurate.
  const factor = Number(ratio.toPrecision(9));
  const rate = Number((1 / ratio - 1).toPrecision(9));
  if (!(factor > 0) || factor === 1) return [];
  return [
    { text: `lr·λ^(t − 1) with λ = ${factor}`, at: (t) => factor ** (t - 1) },
    ...(rate > 0 ? [{ text: `lr/(1 + ${rate}·(t − 1))`, at: (t: number) => 1 / (1 + rate * (t - 1)) }] : []),
  ];
}
