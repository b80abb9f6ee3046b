import { directionOf, lossWord } from '../ascent';
import { batchesOf, hasMiniBatches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { NameOf } from '../coordinates/coordinateNames';
import { Diagnosis } from '../diagnosis/diagnose';
import type { Finding } from '../diagnosis/finding';
import { RunningMedian } from '../diagnosis/terms/runningMedian';
import { EndWatch, type EndWatchRequest } from '../ending/endWatch';
import { RunningMean } from '../numerics/runningMean';
import type { MaybePromise, Objective } from '../objective';
import type { EpochView, RunObserver, RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import type { Verdict } from '../verdict/verdict';
import { verdictOf } from '../verdict/verdictOf';
import { ExpectedEnd, hasLossPerStep, type LossesAtEnd, meanOf } from './expectedEnd';

/** The losses at the end of a run are the last tenth, but at least and at most these numbers of losses. */
const fewestLosses = 5;
const mostLosses = 64;
/** The lowest tenth of fewer losses is one loss. */
const fewestForTenth = 20;

/** The results of a tried run that decide whether it is better than another one. */
export interface Trial {
  readonly config: RunConfig;
  readonly outcome: RunOutcome;
  readonly findings: readonly Finding[];
  /**
   * The median of the last tenth of the losses (5 to 64 of them): of the watched losses where the run has
   * them, else of the losses of the steps. Where the loss function changes between steps, the mean of `expected`. It describes the level
   * at the end, not a single low loss. NaN if the final loss is not finite.
   */
  readonly level: number;
  /**
   * The interquartile range of the same losses, which noise, oscillation or a continuing improvement causes. 0 without noise where the
   * run ended before there were enough of them: they are then its descent.
   */
  readonly spread: number;
  /**
   * The lowest tenth of the same losses, or the lowest of a few. NaN where losses are noisy, because steps have different samples
   * or functions, and too few to tell a low one from luck.
   */
  readonly low: number;
  /** The highest finite loss of a step; -∞ if there is none. */
  readonly highest: number;
  /** The watched loss after the last epoch; NaN without one. */
  readonly lastWatched: number;
  /** The losses at the end, where the loss function changes between steps. null otherwise, or if they are not known. */
  readonly expected: LossesAtEnd | null;
  readonly verdict: Verdict;
}

/**
 * The loss at the end of a run, as texts state it and fixes are ordered by: the last validation loss, or, where the
 * loss function changes between steps, the expected loss or the mean loss of the last steps (see `LossesAtEnd`); else the final loss.
 */
export function finalLossOf({ config, outcome, lastWatched, expected }: Trial): number {
  if (!Number.isFinite(outcome.final.loss)) return outcome.final.loss;
  if (config.validation !== null) return Number.isNaN(lastWatched) ? outcome.best.loss : lastWatched;
  return expected ? meanOf(expected.means) : outcome.final.loss;
}

/** The name of the loss that `finalLossOf` returns. */
export function finalLossWord({ config, expected }: Trial): string {
  const loss = lossWord(config);
  if (config.validation !== null) return `validation ${loss}`;
  if (!expected) return loss;
  return expected.isRandom ? `expected ${loss}` : `mean ${loss} (last ${expected.steps} steps)`;
}

/** What a diagnosis knows about the loss, and whether it may evaluate it. */
export interface WatcherSetting {
  /** Whether the loss takes its second argument. */
  readonly isContextual: boolean;
  /** The names of the coordinates. */
  readonly nameOf: NameOf;
  /** Whether it may evaluate the loss at points other than those of the run. */
  readonly looksAround: boolean;
  readonly saturationAt?: EndWatchRequest['saturationAt'];
}

/** Observes one run for its trial: a new diagnosis, and the losses at the end. */
export class Watcher implements RunObserver {
  readonly diagnosis: Diagnosis;
  readonly #config: RunConfig;
  readonly #isWatched: boolean;
  readonly #isNoisy: boolean;
  readonly #last: RunningMedian | RunningMean;
  readonly #end: EndWatch;
  /** null if the loss is the same at all steps, or must not be evaluated again. */
  readonly #expected: { readonly end: ExpectedEnd; readonly objective: Objective } | null;
  #highest = Number.NEGATIVE_INFINITY;
  #watchedAt = 0;
  #lastWatched = Number.NaN;

  constructor(
    config: RunConfig,
    objective: Objective,
    { isContextual, nameOf, looksAround, saturationAt }: WatcherSetting,
  ) {
    const batches = batchesOf(config.samples, config.batch, config.seed);
    const { stepsPerEpoch, indicesOf } = batches;
    const open = (t: number, part = indicesOf(t)) => contextAt(config.seed, batches, t, part);
    this.#config = config;
    this.#isNoisy = isContextual || hasMiniBatches(config);
    this.diagnosis = new Diagnosis({
      config,
      dim: objective.dim,
      nameOf,
      stepsPerEpoch,
      isContextual,
      probing: looksAround ? { objective, open, indicesOf } : null,
    });
    this.#end = new EndWatch({
      config,
      batches,
      isContextual,
      objective: looksAround ? objective : null,
      ...(saturationAt && { saturationAt }),
    });
    this.#expected =
      looksAround && hasLossPerStep(config, isContextual)
        ? { end: new ExpectedEnd(config), objective }
        : null;
    this.#isWatched = config.validation !== null || stepsPerEpoch > 1;
    const losses = this.#isWatched ? config.steps / stepsPerEpoch : config.steps;
    const length = Math.max(fewestLosses, Math.min(mostLosses, Math.ceil(losses / 10)));
    const isMean = isContextual && !this.#isWatched;
    this.#last = isMean ? new RunningMean(length) : new RunningMedian(length);
  }

  onStep(step: StepView): MaybePromise<void> {
    if (!this.#isWatched) this.#push(step.loss);
    if (Number.isFinite(step.loss)) this.#highest = Math.max(this.#highest, step.loss);
    this.#end.onStep(step);
    this.#expected?.end.onStep(step);
    return this.diagnosis.onStep(step);
  }

  onEpoch(epoch: EpochView): void {
    this.#push(epoch.watched);
    this.#end.onEpoch(epoch);
    this.#watchedAt = epoch.t;
    this.#lastWatched = epoch.watched;
  }

  /** To be called once, after the run has ended. */
  async finish(outcome: RunOutcome): Promise<Trial> {
    const end = await this.#end.end(outcome, this.diagnosis.isLossReliable);
    this.diagnosis.finish(outcome, end);
    const { steps, final, best } = outcome;
    const isValidated = this.#config.validation !== null;
    if (!isValidated && this.#watchedAt < steps) this.#push(final.loss);
    const endsFinite = Number.isFinite(final.loss);
    const expected =
      this.#expected && endsFinite ? await this.#expected.end.losses(this.#expected.objective) : null;
    const level = isValidated && this.#watchedAt === 0 ? best.loss : this.#last.middle();
    const { findings } = this.diagnosis;
    return {
      config: this.#config,
      outcome,
      findings,
      level: !endsFinite ? Number.NaN : expected ? meanOf(expected.means) : level,
      spread: this.#last.isFull || this.#isNoisy ? this.#last.interquartileRange() : 0,
      low: this.#low(),
      highest: this.#highest,
      lastWatched: this.#lastWatched,
      expected,
      verdict: verdictOf(end, outcome, findings, directionOf(this.#config)),
    };
  }

  #low(): number {
    if (!this.#last.isFull) return Number.NaN;
    const isEnough = this.#last.length >= fewestForTenth;
    return isEnough || !this.#isNoisy ? this.#last.quantile(isEnough ? 0.1 : 0) : Number.NaN;
  }

  #push(loss: number): void {
    if (Number.isFinite(loss)) this.#last.push(loss);
  }
}
