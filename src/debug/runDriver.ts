import type { StopHit, Stops } from '../protocol/stops';
import type { Disposable } from '../runs/emitter';
import { CannotDebug, type DebuggedRun } from './debugHost';

/** Why a run stands still. */
type Ending =
  | { readonly kind: 'hit'; readonly hit: StopHit }
  | { readonly kind: 'stepped' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'ended' };

/** A step that takes longer is not waited for: the run then makes it when it can. */
const restMs = 60;

type Settle = (ending: Ending) => void;

/** Makes the steps of a run that is debugged. */
export class RunDriver {
  readonly #debugged: DebuggedRun;
  #settle: Settle | null = null;
  #isPauseWanted = false;
  readonly #subscriptions: Disposable[];
  #stepsWanted = Number.POSITIVE_INFINITY;
  /** The steps that were made when the wait began. */
  #stepsBefore = 0;

  constructor(debugged: DebuggedRun) {
    this.#debugged = debugged;
    const { store, run } = debugged;
    this.#subscriptions = [
      store.onDidStop((stopped) => {
        // A report that was on its way when the wait began is about a step before it.
        if (stopped.run === run && stopped.hit.t > this.#stepsBefore)
          this.#end({ kind: 'hit', hit: stopped.hit });
      }),
      store.onDidChange((change) => {
        if (change.run !== run) return;
        if (!run.isLive) this.#end({ kind: 'ended' });
        else if ((run.trace?.steps ?? 0) >= this.#stepsWanted) this.#end({ kind: 'stepped' });
      }),
    ];
  }

  /** Whether no further step can be made: the run has ended, or is only read. */
  get hasEnded(): boolean {
    const { run, order } = this.#debugged;
    return order === null || !run.isLive;
  }

  /**
   * Settles when the first step is possible.
   *
   * @throws CannotDebug with the problem of a loss that cannot be loaded
   */
  async opened(): Promise<void> {
    const { run, store } = this.#debugged;
    await new Promise<void>((resolve) => {
      const check = () => {
        if (run.isLive && !run.trace) return;
        subscription.dispose();
        resolve();
      };
      const subscription = store.onDidChange(check);
      check();
    });
    if (run.isLive) return;
    await store.load(run);
    if (run.trace) return;
    const failure = run.record.problems.find(({ severity }) => severity === 'error');
    throw new CannotDebug(failure?.message ?? 'The run has no steps to look at.');
  }

  /**
   * Makes one step.
   *
   * @param logs  those that write a text and do not stop: the worker would report a stop after the step itself, when the next wait may
   *   have begun
   */
  step(logs: Stops): Promise<Ending> {
    const { run, store } = this.#debugged;
    if (this.hasEnded) return Promise.resolve({ kind: 'ended' });
    const ending = this.#wait();
    this.#stepsWanted = (run.trace?.steps ?? 0) + 1;
    store.setStops(run.record.id, logs);
    store.step(run.record.id);
    return ending;
  }

  /** Makes steps until one of the stops. */
  goOn(stops: Stops): Promise<Ending> {
    const { run, store } = this.#debugged;
    if (this.hasEnded) return Promise.resolve({ kind: 'ended' });
    const ending = this.#wait();
    store.setStops(run.record.id, stops);
    store.resume(run.record.id);
    return ending;
  }

  /** Replaces the stops of a run that goes on. */
  replaceStops(stops: Stops): void {
    const { run, store } = this.#debugged;
    const isGoingOn = this.#settle !== null && this.#stepsWanted === Number.POSITIVE_INFINITY;
    if (isGoingOn) store.setStops(run.record.id, stops);
  }

  /** Ends a wait as soon as the run stands still. */
  pause(): void {
    const { run, store } = this.#debugged;
    this.#isPauseWanted = true;
    if (!this.#settle) return;
    store.pause(run.record.id);
    this.#whenAtRest(this.#settle, -1);
  }

  /** Whether a pause was wanted since the last call. */
  takePause(): boolean {
    const wanted = this.#isPauseWanted;
    this.#isPauseWanted = false;
    return wanted;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#end({ kind: 'paused' });
  }

  #wait(): Promise<Ending> {
    this.#isPauseWanted = false;
    this.#stepsWanted = Number.POSITIVE_INFINITY;
    this.#stepsBefore = this.#debugged.run.trace?.steps ?? 0;
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  #end(ending: Ending): void {
    const settle = this.#settle;
    this.#settle = null;
    this.#stepsWanted = Number.POSITIVE_INFINITY;
    settle?.(ending);
  }

  /** The last steps are still on their way when a pause is asked for. */
  #whenAtRest(settle: Settle | null, before: number): void {
    if (this.#settle !== settle) return;
    const steps = this.#debugged.run.trace?.steps ?? 0;
    if (steps === before) this.#end({ kind: 'paused' });
    else setTimeout(() => this.#whenAtRest(settle, steps), restMs);
  }
}
