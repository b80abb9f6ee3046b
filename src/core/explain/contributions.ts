import { type ComputedStep, valueIn } from './computedStep';

/** A part of an update. The parts of an update sum up to it. */
export interface Contribution {
  readonly kind: 'gradient' | 'older' | 'penalty' | 'decay' | 'lr';
  /** The step of the gradient; 0 for the other kinds. */
  readonly step: number;
  /** The weight of the gradient in the direction of the update; NaN for the other kinds. */
  readonly weight: number;
  /** The gradient that the optimizer received at that step; NaN for the other kinds. */
  readonly gradient: number;
  /** The part of the update, unit of the parameter. */
  readonly part: number;
}

/**
 * The update as a sum over the past gradients (the expanded form of the moving average, m_t = (1 − β1) Σ β1^(t−i) g_i), of the
 * L2 penalty, of decoupled weight decay and of the learning rate of the step. The parts of gradients and decay are those at the
 * configured learning rate; what the schedule, or the user, changes is a part of its own.
 *
 * @param steps  consecutive steps of one coordinate, the last one of which is explained
 * @param lrSet  the configured learning rate
 */
export function contributionsOf(steps: readonly ComputedStep[], lrSet: number): Contribution[] {
  const last = steps.at(-1)!;
  if (last.formula === null) return [];
  const { memory } = last.formula;
  const { lr } = last.of;
  // At lr 0 nothing moves, whatever was configured.
  const toSet = lr > 0 && lrSet > 0 ? lrSet / lr : 1;
  const scale = -valueIn(last, memory.scale) * toSet;
  const ofState = valueIn(last, memory.ofState);
  let kept = 1;
  let penalty = 0;
  const gradients: Contribution[] = [];
  let oldest: ComputedStep | null = null;
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!;
    if (step.of.phase !== last.of.phase) break;
    // A skipped step changes nothing.
    if (step.formula === null) continue;
    const own = step.formula.memory;
    const isLast = step === last;
    const weight =
      (own.state === null ? 0 : ofState * kept * valueIn(step, own.take)) +
      (isLast ? valueIn(step, memory.ofGradient) : 0);
    const { grad } = step.of;
    gradients.push({
      kind: 'gradient',
      step: step.of.step,
      weight,
      gradient: grad,
      part: scale * weight * grad,
    });
    const g = step.formula.gradient === 'g' ? step.values.get('g')! : grad;
    penalty += scale * weight * (g - grad);
    oldest = step;
    if (own.state === null) break;
    kept *= valueIn(step, own.keep);
    if (kept === 0) break;
  }
  const parts: Contribution[] = [...gradients];
  const other = (kind: Contribution['kind'], part: number) =>
    parts.push({ kind, step: 0, weight: Number.NaN, gradient: Number.NaN, part });
  const older =
    memory.state === null || kept === 0 || oldest === null
      ? 0
      : scale * ofState * kept * oldest.stateBefore(memory.state);
  if (older !== 0) other('older', older);
  if (last.formula.gradient === 'g') other('penalty', penalty);
  const shrunk = last.values.get('theta1');
  const decay = shrunk === undefined ? 0 : shrunk - last.thetaBefore;
  if (shrunk !== undefined) other('decay', decay * toSet);
  if (toSet !== 1) other('lr', parts.reduce((sum, { part }) => sum + part, 0) * (1 / toSet - 1));
  return parts;
}
