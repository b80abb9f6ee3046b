import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import { EvaluationError, evaluate } from '../runner/evaluate';
import { BadInput, Interrupted } from './badInput';
import { interruption, whileInterruptible } from './interruption';
import { jobs } from './jobs';
import { vectorOf } from './layers';
import { type LimitFlags, limitsOf } from './limits';
import { prepare, sentences } from './prepare';

/** `adamscope grad`: prints the value and the gradient of a loss at a point. */
export async function grad(
  target: string,
  { at, json, ...limits }: LimitFlags & { readonly at: string; readonly json?: boolean },
): Promise<void> {
  const { declaration, plan } = prepare(target, [{ start: vectorOf('--at', at), names: null }]);
  const point = plan.config.start ?? [];
  try {
    const answer = await whileInterruptible(
      evaluate(
        jobs,
        {
          source: plan.source,
          limits: limitsOf(limits),
          job: { kind: 'gradient', config: plan.config, at: point },
        },
        interruption,
      ),
      () => {},
    );
    const { value, grad, gradientMode } = answer;
    if (json) console.log(toJson({ value, grad, gradientMode }));
    else
      console.log(
        `${declaration.name}(${point.join(', ')}) = ${formatNumber(value, 6)}\ngradient (${gradientMode}): [${[...grad].map((g) => formatNumber(g, 6)).join(', ')}]`,
      );
  } catch (error) {
    if (interruption.aborted) throw new Interrupted(`${declaration.name} was stopped before it returned`);
    if (error instanceof EvaluationError) throw new BadInput(sentences(error.problems));
    throw error;
  }
}
