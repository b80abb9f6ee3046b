import { numberOption } from '../../config/readOptions';
import { LrDecay, nothing } from '../../ending/lrDecay';
import {
  isFarFromMinimum,
  isHeldByBatchNoise,
  isJittering,
  isNearMinimum,
  isWorthMoreSteps,
  type RunEnd,
} from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { ScheduleName } from '../../schedules/registry';
import type { StepView } from '../../update';
import type { Fix } from '../finding';
import { noScheduleFix, reductionFixes, scheduleOptionFix, scheduleUnitFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import type { Severity } from '../severity';
import { option } from '../subjects';
import { Reductions } from '../terms/reductions';

/** A planned length that differs from the length of the run by more than this factor does not fit. */
const apart = 2;
/** The learning rate has fallen below the first of these shares of its largest value, and has risen back above the second. */
const fallen = 0.5;
const risen = 0.9;

/** The option of a schedule that sets its length in steps. */
const lengthOption: { readonly [N in ScheduleName]?: string } = {
  step: 'stepSize',
  cosine: 'tMax',
  warmupCosine: 'totalSteps',
  oneCycle: 'totalSteps',
  linear: 'totalIters',
};

/** A linear schedule that changes lr by less than this factor has hardly any effect, whatever its length. */
const leastChange = 2;

interface Mismatch {
  readonly headline: string;
  readonly why: string;
  readonly advice: string;
  /** The option to blame; undefined for the whole schedule. */
  readonly option: string | undefined;
  /** Whether it may be why the run ended where it did. */
  readonly isHarmful: (end: RunEnd) => boolean;
}

/**
 * The schedule does not fit the run. One of:
 *
 *   the learning rate rises again after it has fallen: from below a half of its largest value to above nine tenths, or above a half
 *     at the last step
 *   the learning rate fell below 1 % of its largest value with at least 40 % of the steps still to come
 *   the schedule is planned for more than twice the steps of the run, which ends before its end; of a linear schedule only
 *     if it changes lr at least twofold. The run ends far from the minimum (a polish gains at least R/20), or jitters around it:
 *     a learning rate that hardly decays is otherwise as good as a constant one
 *
 * Where so little is left that the run counts as converged (`isNearMinimum`), the first two are an info, and nothing is reported if a
 * local search gains hardly anything (`isWorthMoreSteps`). A frequent cause is a length in epochs where steps are counted, or the
 * reverse, so the other unit is among the fixes. `reduceOnPlateau` has no length. It can meet the second condition; what to change
 * depends on its reductions (see `Reductions`). It is silent beside `precision-loss`, which is then the cause.
 */
export class ScheduleMismatchRule implements Rule {
  readonly #context: RuleContext;
  readonly #decay = new LrDecay();
  #last = Number.NaN;
  #isFallen = false;
  /** How often the learning rate rose back to its largest value. */
  #returns = 0;
  readonly #reductions = new Reductions(nothing);

  static for(context: RuleContext): ScheduleMismatchRule | null {
    const { schedule } = context.config;
    return schedule !== null && schedule.name !== 'constant' ? new ScheduleMismatchRule(context) : null;
  }

  private constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep(step: StepView): void {
    const { lr } = step;
    this.#reductions.onStep(step);
    this.#decay.onStep(step);
    const { largest } = this.#decay;
    if (lr < fallen * largest) this.#isFallen = true;
    if (this.#isFallen && lr >= risen * largest) {
      this.#isFallen = false;
      this.#returns++;
    }
    this.#last = lr;
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    if (!end?.polished) return;
    const mismatch = this.#mismatch(steps);
    const severity = mismatch && severityOf(mismatch, end);
    if (!mismatch || !severity) return;
    const { board, config, words } = this.#context;
    // A gradient that underflows keeps the loss from falling, and the schedule only reacts.
    if (this.#isByLoss && board.has('precision-loss')) return;
    const schedule = config.schedule!;
    const reachable = end.polished.loss;
    const length = lengthOption[schedule.name];
    board.post({
      code: 'schedule-mismatch',
      severity,
      headline: mismatch.headline,
      detail:
        `${mismatch.why} ` +
        words.say`The final loss is ${words.apart(end.finalLoss, reachable)}; a local search from the last point reaches ${words.apart(reachable, end.finalLoss)}.`,
      advice: mismatch.advice,
      steps: [this.#returns > 0 ? 1 : Math.min(this.#decay.lastAlive + 1, steps), steps],
      coordinates: [],
      subject: mismatch.option === undefined ? option('schedule') : option('schedule', mismatch.option),
      evidence: {
        ...(length === undefined ? {} : { scheduleLength: numberOption(schedule, length)! }),
        ...(this.#isByLoss ? { reductions: this.#reductions.count } : {}),
        ...(this.#returns > 0 ? { returns: this.#returns } : {}),
        runSteps: steps,
        largestLr: this.#decay.largest,
        lastLr: this.#last,
      },
      fixes: this.#isByLoss ? reductionFixes(schedule) : this.#fixes(length),
    });
  }

  #mismatch(steps: number): Mismatch | null {
    const schedule = this.#context.config.schedule!;
    const lr = `lr = ${formatNumber(this.#last)}`;
    const { largest } = this.#decay;
    const since = this.#decay.earlySince(steps);
    const decayed =
      since &&
      `Since step ${since} lr is below 1 % of its largest value ${formatNumber(largest)}; at the end ${lr}.`;
    if (this.#isByLoss)
      return decayed
        ? {
            headline: 'The learning rate was reduced to almost 0 long before the end of the run.',
            isHarmful: isUnfinished,
            why: `${decayed} ${this.#reductions.inWords(this.#context.words)}`,
            ...this.#reductions.cure(this.#context.words),
          }
        : null;
    const name = lengthOption[schedule.name];
    const blame = {
      option: name,
      advice:
        name === undefined
          ? 'Decay lr more slowly, or remove the schedule.'
          : `Set ${name} = ${this.#fitting(name)}${name === 'stepSize' ? '' : `, the number of ${this.#isPerEpoch ? 'epochs' : 'steps'} of the run`}, or remove the schedule.`,
    };
    if (this.#returns > 0 || (this.#isFallen && this.#last >= fallen * largest))
      return {
        headline:
          this.#returns > 0
            ? `The learning rate rose back to its largest value ${times(this.#returns)} within the run.`
            : 'The learning rate fell, and rose again until the end of the run.',
        isHarmful: isUnfinished,
        why: `${this.#riseInWords(name)} At the end ${lr}; its largest value is ${formatNumber(largest)}.`,
        ...blame,
      };
    if (decayed)
      return {
        headline: 'The learning rate decays to almost 0 long before the end of the run.',
        isHarmful: isUnfinished,
        why: decayed,
        ...blame,
      };
    const planned = this.#plannedLength();
    if (planned !== undefined && planned * this.#unit > apart * steps) {
      const words = this.#isPerEpoch
        ? `${planned} epochs (${planned * this.#unit} steps)`
        : `${planned} steps`;
      return {
        headline: 'The run ends long before the end of its schedule.',
        isHarmful: isHeldByLr,
        why: `The schedule is planned for ${words}, and the run has ${steps}${this.#isPerEpoch ? ' steps' : ''}, so it ends at ${lr}.`,
        ...blame,
      };
    }
    return null;
  }

  /** The length after which the schedule has its final effect; undefined if it has none, or hardly any. */
  #plannedLength(): number | undefined {
    const schedule = this.#context.config.schedule!;
    if (schedule.name !== 'linear')
      return numberOption(schedule, 'totalSteps') ?? numberOption(schedule, 'tMax');
    const [from, to] = [numberOption(schedule, 'startFactor')!, numberOption(schedule, 'endFactor')!];
    return Math.max(from, to) >= leastChange * Math.min(from, to)
      ? numberOption(schedule, 'totalIters')
      : undefined;
  }

  /** Whether losses reduce lr, not the number of the step. */
  get #isByLoss(): boolean {
    return this.#context.config.schedule!.name === 'reduceOnPlateau';
  }

  get #isPerEpoch(): boolean {
    return this.#context.config.schedule!.unit === 'epoch';
  }

  /** The number of steps in the unit of the schedule. */
  get #unit(): number {
    return this.#isPerEpoch ? this.#context.stepsPerEpoch : 1;
  }

  /** The length with which the schedule fits the run: its steps or epochs; a third of them between the reductions of `step`. */
  #fitting(name: string): number {
    const run = Math.ceil(this.#context.config.steps / this.#unit);
    return name === 'stepSize' ? Math.max(1, Math.floor(run / 3)) : run;
  }

  /** "After tMax = 50 steps lr rises again, as in torch, and the run has 1000 steps." */
  #riseInWords(name: string | undefined): string {
    const { config } = this.#context;
    const length = name === undefined ? undefined : numberOption(config.schedule!, name);
    if (length === undefined) return 'lr rises again after it has fallen.';
    const unit = this.#isPerEpoch ? 'epochs' : 'steps';
    const run = Math.ceil(config.steps / this.#unit);
    return `After ${name} = ${length} ${unit} lr rises again, as in torch, and the run has ${run} ${unit}.`;
  }

  #fixes(name: string | undefined): Fix[] {
    const { config, stepsPerEpoch } = this.#context;
    const length = name === undefined ? undefined : numberOption(config.schedule!, name);
    const fixes: Fix[] = [];
    if (stepsPerEpoch > 1 && this.#fitsInOtherUnit(length)) fixes.push(scheduleUnitFix(config));
    if (name !== undefined && length !== undefined) {
      const fitting = this.#fitting(name);
      if (fitting !== length) fixes.push(scheduleOptionFix(name, fitting));
    }
    return [...fixes, noScheduleFix()];
  }

  /** Whether the schedule, in the other unit, has its effect within the run. Without a length: slower, at least. */
  #fitsInOtherUnit(length: number | undefined): boolean {
    const { config, stepsPerEpoch } = this.#context;
    if (length === undefined) return !this.#isPerEpoch;
    return length * (this.#isPerEpoch ? 1 : stepsPerEpoch) <= config.steps;
  }
}

function isUnfinished(end: RunEnd): boolean {
  return !isNearMinimum(end);
}

/** Whether a learning rate that decays within the run would likely have lowered the loss. */
function isHeldByLr(end: RunEnd): boolean {
  return isFarFromMinimum(end) || (isUnfinished(end) && (isJittering(end) || isHeldByBatchNoise(end)));
}

/** null: not worth a report. */
function severityOf({ isHarmful }: Mismatch, end: RunEnd): Severity | null {
  if (isHarmful(end)) return 'warning';
  if (isHarmful !== isUnfinished) return null;
  return isWorthMoreSteps(end) ? 'info' : null;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
