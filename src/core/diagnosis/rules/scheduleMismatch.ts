import { numberOption } from '../../config/readOptions';
import { isFarFromMinimum, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { ScheduleName } from '../../schedules/registry';
import type { StepView } from '../../update';
import type { Fix } from '../finding';
import { noScheduleFix, reductionFixes, scheduleOptionFix, scheduleUnitFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { Reductions } from '../terms/reductions';

/** Below this share of its largest value, the learning rate has decayed to nothing. */
const nothing = 0.01;
/** A decay to nothing counts if at least this share of the steps is still to come. */
const early = 0.4;
/** A planned length that differs from the length of the run by more than this factor does not fit. */
const apart = 2;
/** A schedule that changes direction at least this often is cyclic within the run. */
const mostTurns = 5;

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
}

/**
 * The schedule does not fit the run, and the run ends far from the minimum (a polish gains at least R/20).
 * One of:
 *
 *   the learning rate fell below 1 % of its largest value with at least 40 % of the steps still to come
 *   the schedule is planned for more than twice the steps of the run, which ends before its end; of a linear schedule only
 *     if it changes lr at least twofold
 *   the learning rate changes between falling and rising at least five times
 *
 * A frequent cause is a length in epochs where steps are counted, or the reverse, so the other unit is among the fixes.
 * `reduceOnPlateau` has no length. It can meet the first condition; what to change depends on its reductions (see `Reductions`).
 */
export class ScheduleMismatchRule implements Rule {
  readonly #context: RuleContext;
  #largest = 0;
  #lastAlive = 0;
  #last = Number.NaN;
  #falls = true;
  #turns = 0;
  readonly #reductions = new Reductions(nothing);

  static for(context: RuleContext): ScheduleMismatchRule | null {
    const { schedule } = context.config;
    return schedule !== null && schedule.name !== 'constant' ? new ScheduleMismatchRule(context) : null;
  }

  private constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep(step: StepView): void {
    const { t, lr } = step;
    this.#reductions.onStep(step);
    if (lr > this.#largest) this.#largest = lr;
    if (lr > nothing * this.#largest) this.#lastAlive = t;
    if (lr !== this.#last && !Number.isNaN(this.#last)) {
      const falls = lr < this.#last;
      if (falls !== this.#falls) this.#turns++;
      this.#falls = falls;
    }
    this.#last = lr;
  }

  finish({ steps }: RunOutcome, end: RunEnd | null): void {
    if (end === null || !isFarFromMinimum(end)) return;
    const mismatch = this.#mismatch(steps);
    if (mismatch === null) return;
    const { board, config, words } = this.#context;
    const schedule = config.schedule!;
    const reachable = end.polished!.loss;
    const length = lengthOption[schedule.name];
    board.post({
      code: 'schedule-mismatch',
      severity: 'warning',
      headline: mismatch.headline,
      detail:
        `${mismatch.why} ` +
        words.say`The final loss is ${words.apart(end.finalLoss, reachable)}; a local search from the last point reaches ${words.apart(reachable, end.finalLoss)}.`,
      advice: mismatch.advice,
      steps: [Math.min(this.#lastAlive + 1, steps), steps],
      coordinates: [],
      subject: mismatch.option === undefined ? option('schedule') : option('schedule', mismatch.option),
      evidence: {
        ...(length === undefined ? {} : { scheduleLength: numberOption(schedule, length)! }),
        ...(this.#isByLoss ? { reductions: this.#reductions.count } : {}),
        runSteps: steps,
        largestLr: this.#largest,
        lastLr: this.#last,
      },
      fixes: this.#isByLoss ? reductionFixes(schedule) : this.#fixes(length),
    });
  }

  #mismatch(steps: number): Mismatch | null {
    const schedule = this.#context.config.schedule!;
    const lr = `lr = ${formatNumber(this.#last)}`;
    const hasDecayed = this.#lastAlive < (1 - early) * steps;
    const since = `Since step ${this.#lastAlive + 1} lr is below 1 % of its largest value ${formatNumber(this.#largest)}; at the end ${lr}.`;
    if (this.#isByLoss)
      return hasDecayed
        ? {
            headline: 'The learning rate was reduced to almost 0 long before the end of the run.',
            why: `${since} ${this.#reductions.inWords(this.#context.words)}`,
            ...this.#reductions.cure(this.#context.words),
          }
        : null;
    const name = lengthOption[schedule.name];
    const blame = {
      option: name,
      advice:
        name === undefined
          ? 'Decay lr more slowly, or remove the schedule.'
          : `Set ${name} (in ${this.#isPerEpoch ? 'epochs' : 'steps'}) so that the schedule fits the run.`,
    };
    if (this.#turns >= mostTurns)
      return {
        headline: 'The learning rate falls and rises repeatedly within the run.',
        why: `lr changed between falling and rising ${this.#turns} times in ${steps} steps.`,
        ...blame,
      };
    if (hasDecayed)
      return {
        headline: 'The learning rate decays to almost 0 long before the end of the run.',
        why: since,
        ...blame,
      };
    const planned = this.#plannedLength();
    if (planned !== undefined && planned * this.#unit > apart * steps) {
      const words = this.#isPerEpoch
        ? `${planned} epochs (${planned * this.#unit} steps)`
        : `${planned} steps`;
      return {
        headline: 'The run ends long before the end of its schedule.',
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

  #fixes(name: string | undefined): Fix[] {
    const { config, stepsPerEpoch } = this.#context;
    const length = name === undefined ? undefined : numberOption(config.schedule!, name);
    const fixes: Fix[] = [];
    if (stepsPerEpoch > 1 && this.#fitsInOtherUnit(length)) fixes.push(scheduleUnitFix(config));
    if (name !== undefined && length !== undefined) {
      const run = Math.ceil(config.steps / this.#unit);
      const whole = name === 'stepSize' ? Math.max(1, Math.floor(run / 3)) : run;
      if (whole !== length) fixes.push(scheduleOptionFix(name, whole));
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
