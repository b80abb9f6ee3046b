import { accuracyWords } from '../core/gradient/differenceAccuracy';
import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import { methodWords } from '../loss/environment';
import { EvaluationError, evaluate } from '../runner/evaluate';
import { BadInput, Interrupted } from './badInput';
import { interruption, whileInterruptible } from './interruption';
import { jobs } from './jobs';
import { vectorOf } from './layers';
import { type LimitFlags, limitsOf } from './limits';
import { placedProblems } from './placedProblems';
import { prepare, requireStart, sentences } from './prepare';
import { warn } from './warn';

interface GradOptions extends LimitFlags {
  /** Absent: the start of the loss. */
  readonly at?: string;
  readonly json?: boolean;
}

/**
 * `adamscope grad`: prints the value and the gradient of a loss at a point. As for a run, warnings go to
 * stderr: why the gradient is not exact, for example.
 */
export async function grad(target: string, { at, json, ...limits }: GradOptions): Promise<void> {
  const { declaration, plan } = prepare(
    target,
    at === undefined ? [] : [{ start: vectorOf('--at', at), names: null }],
  );
  const point = at === undefined ? null : plan.config.start;
  requireStart(plan, '--at');
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
    const { value, grad, gradientMode, accuracy, environment } = answer;
    const problems = [...plan.problems, ...answer.problems];
    for (const problem of problems) warn(sentences([problem]));
    if (json)
      console.log(
        toJson({
          ...(point ? {} : { at: answer.at }),
          value,
          grad,
          gradientMode,
          ...(accuracy ? { differenceAccuracy: accuracy } : {}),
          ...(environment ? { environment } : {}),
          ...(problems.length > 0 ? { problems: placedProblems(problems) } : {}),
        }),
      );
    else
      console.log(
        `${declaration.name}(${answer.at.join(', ')}) = ${formatNumber(value, 6)}\n` +
          `gradient (${methodWords(gradientMode, environment)}${accuracy ? `, ${accuracyWords(accuracy)}` : ''}): ` +
          `[${[...grad].map((g) => formatNumber(g, 6)).join(', ')}]`,
      );
  } catch (error) {
    if (interruption.aborted) throw new Interrupted(`${declaration.name} was stopped before it returned`);
    if (error instanceof EvaluationError) throw new BadInput(sentences(error.problems));
    throw error;
  }
}
