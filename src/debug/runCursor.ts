import { evaluate } from '../core/expressions/evaluate';
import type { StepExpression } from '../core/expressions/expression';
import { RecordStep } from '../core/expressions/recordStep';
import { type StepNames, stepNamesOf } from '../core/expressions/stepNames';
import { recordLength, recordOffset, recordPlaces } from '../core/trace/layout';
import type { Run } from '../runs/run';

/** The values that a record is followed by in a row: the best loss so far, and the loss of the next step. */
const appended = 2;

/**
 * A place in the steps of a run, from 0, before the first one. It moves over what is recorded, in both directions; who makes
 * further steps is not its concern.
 */
export class RunCursor {
  readonly run: Run;
  readonly #row: Float64Array;
  readonly #step: RecordStep;
  #t = 0;

  /** @param run  whose steps are in memory */
  constructor(run: Run) {
    const { trace, quantities } = run;
    if (!trace || !quantities) throw new Error('the steps of the run are not in memory');
    this.run = run;
    this.#row = new Float64Array(recordLength(trace.layout) + appended).fill(Number.NaN);
    this.#step = new RecordStep(quantities, trace.layout);
    this.#step.look(this.#row, 0);
    this.#lookAtStart();
  }

  /** The last step that was made at this place; 0 before the first one. */
  get t(): number {
    return this.#t;
  }

  /** The last recorded step. */
  get end(): number {
    return this.run.trace?.steps ?? 0;
  }

  /** The values of the step of this place. Before the first one only `step`, `lr` and `params` are numbers. */
  get values(): RecordStep {
    return this.#step;
  }

  /** What expressions about this run can name. */
  get names(): StepNames {
    return this.namesWhen('recorded');
  }

  /** The same, for expressions that are evaluated right after their step (`running`), or later. */
  namesWhen(when: 'running' | 'recorded'): StepNames {
    const { trace, quantities, coordinates } = this.run;
    return stepNamesOf(quantities!, trace!.layout.coordinates, coordinates, when);
  }

  /** Moves to the recorded step at or before `t`; to 0 if there is none. */
  moveTo(t: number): void {
    const trace = this.run.trace!;
    const row = t <= 0 ? -1 : trace.rowFrom(t + 1) - 1;
    this.#t = row < 0 ? 0 : trace.stepOf(row);
    if (row >= 0) this.#look(row);
    else this.#lookAtStart();
  }

  /** The recorded step before a step; 0 if there is none. */
  before(t: number): number {
    const row = this.run.trace!.rowFrom(t) - 1;
    return row < 0 ? 0 : this.run.trace!.stepOf(row);
  }

  /** The recorded step after a step; null if there is none yet. */
  after(t: number): number | null {
    const trace = this.run.trace!;
    const row = trace.rowFrom(t + 1);
    return row < trace.rows ? trace.stepOf(row) : null;
  }

  /** Whether a condition holds at a recorded step. The cursor stays where it is. */
  holds(condition: StepExpression, t: number): boolean {
    const here = this.#t;
    this.moveTo(t);
    const isMet = this.#t === t && evaluate(condition, this.#step) === true;
    this.moveTo(here);
    return isMet;
  }

  #lookAtStart(): void {
    const { layout, start } = this.run.trace!;
    this.#row.fill(Number.NaN);
    this.#row[recordPlaces.t] = 0;
    this.#row[recordPlaces.lr] = this.run.record.config.optimizer.lr as number;
    this.#row.set(start, recordOffset(layout, 'params'));
    this.#intervene();
  }

  #look(row: number): void {
    const trace = this.run.trace!;
    this.#row.set(trace.record(row));
    const { length } = this.#row;
    const loss =
      row + 1 < trace.rows && trace.stepOf(row + 1) === this.#t + 1
        ? trace.at(row + 1, recordPlaces.loss)
        : Number.NaN;
    this.#row[length - 2] = trace.at(row, length - 2);
    this.#row[length - 1] = loss;
    this.#intervene();
  }

  /** What the user set after the step replaces what the step made. */
  #intervene(): void {
    const { layout } = this.run.trace!;
    for (const { t, target, coordinate, value } of this.run.record.interventions ?? []) {
      const k = layout.coordinates.indexOf(coordinate);
      const place = recordOffset(layout, target);
      if (t === this.#t && k >= 0 && place >= 0) this.#row[place + k] = value;
    }
  }
}
