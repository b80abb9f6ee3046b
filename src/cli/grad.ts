import type { ReportTable } from '../core/analysis/report';
import { coordinateNames } from '../core/coordinates/coordinateNames';
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
import { tableText } from './tableText';
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
    const { at: shown, value, grad, gradientMode, accuracy, environment } = answer;
    const nameOf = coordinateNames(answer.names, plan.source.parameterName, shown.length);
    const names = answer.names && shown.map((_, i) => nameOf(i));
    const problems = [...plan.problems, ...answer.problems];
    for (const problem of problems) warn(sentences([problem]));
    if (json)
      console.log(
        toJson({
          ...(point ? {} : { at: shown }),
          ...(names ? { names } : {}),
          value,
          grad,
          gradientMode,
          ...(accuracy ? { differenceAccuracy: accuracy } : {}),
          ...(environment ? { environment } : {}),
          ...(problems.length > 0 ? { problems: placedProblems(problems) } : {}),
        }),
      );
    else {
      const how = `gradient (${methodWords(gradientMode, environment)}${accuracy ? `, ${accuracyWords(accuracy)}` : ''})`;
      const numbers = [...grad].map((each) => formatNumber(each, 6));
      console.log(
        names
          ? `${declaration.name} = ${formatNumber(value, 6)}\n${tableText(tableOf(how, names, shown, numbers))}`
          : `${declaration.name}(${shown.join(', ')}) = ${formatNumber(value, 6)}\n${how}: [${numbers.join(', ')}]`,
      );
    }
  } catch (error) {
    if (interruption.aborted) throw new Interrupted(`${declaration.name} was stopped before it returned`);
    if (error instanceof EvaluationError) throw new BadInput(sentences(error.problems));
    throw error;
  }
}

/** The point and the gradient by coordinate. */
function tableOf(
  title: string,
  names: readonly string[],
  at: readonly number[],
  gradient: readonly string[],
): ReportTable {
  return {
    title,
    columns: [
      { title: '', isNumber: false },
      { title: 'at', isNumber: true },
      { title: 'gradient', isNumber: true },
    ],
    rows: names.map((name, i) => ({
      cells: [name, formatNumber(at[i]!, 6), gradient[i]!],
      verdict: null,
      patch: null,
    })),
  };
}
