import { type Direction, directionOf, isBetter, turned } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import type { Measurements } from '../measurements';
import { recordLength, type StepLayout, writeRecord } from '../trace/layout';
import type { CoordinateQuantity } from '../trace/names';
import { Quantities } from '../trace/quantities';
import { StepCoordinates } from '../trace/stepCoordinates';
import type { StepView } from '../update';
import type { ExpressionStep, StepValue } from './expression';
import { placeFrom } from './recordedRange';
import { RecordStep } from './recordStep';

/**
 * The values of the step that a run has just made, for conditions. Values of the step and of single coordinates cost nothing in a run of
 * many coordinates: these are copied when an evaluation reads what is computed from several of them.
 */
export class RunningStep implements ExpressionStep {
  readonly #head: StepRecord;
  readonly #whole: StepRecord;
  readonly #single: StepCoordinates;
  readonly #layout: StepLayout;
  readonly #direction: Direction;
  #best: number;
  #view: StepView | null = null;

  /**
   * @param layout        that of the records of the run
   * @param measurements  those of the run, if the stability value is in the layout
   * @param best          the best loss before the first step that is looked at; NaN if there is none
   */
  constructor(layout: StepLayout, config: RunConfig, measurements: Measurements | null, best = Number.NaN) {
    const { bands: _, ...own } = layout;
    this.#head = new StepRecord({ ...own, coordinates: [] }, config, measurements);
    this.#whole = new StepRecord(own, config, measurements);
    this.#single = new StepCoordinates(layout, config);
    this.#layout = layout;
    this.#direction = directionOf(config);
    this.#best = best;
  }

  /** The quantities whose names the conditions may have. */
  get quantities(): Quantities {
    return this.#whole.quantities;
  }

  /** To be called after every step: the best loss depends on all of them. The view must not change until the next call. */
  look(view: StepView): void {
    this.#view = view;
    const loss = turned(view.loss, this.#direction);
    if (isBetter(loss, this.#best, this.#direction) || Number.isNaN(this.#best)) this.#best = loss;
    this.#head.forget();
    this.#whole.forget();
  }

  scalar(name: StepValue): number {
    const part = this.#head.has(name) ? this.#head : this.#whole;
    return part.read(this.#view!, this.#best).scalar(name);
  }

  at(name: CoordinateQuantity, coordinate: number): number {
    const { coordinates } = this.#layout;
    // The records of the run have no others, and a condition must have the same value there.
    if (coordinates[placeFrom(coordinates, coordinate)] !== coordinate) return Number.NaN;
    this.#single.read(this.#view!, coordinate);
    return this.#single.value(name);
  }

  vector(name: CoordinateQuantity, from: number, to: number): Float64Array {
    const ofView = this.#vectorOfView(name);
    if (ofView) return ofView.subarray(from, to + 1);
    return this.#whole.read(this.#view!, this.#best).vector(name, from, to);
  }

  coordinateAt(from: number, place: number): number {
    return this.#whole.read(this.#view!, this.#best).coordinateAt(from, place);
  }

  /** A vector that the run has as it is, which needs no copy; null if it has none. */
  #vectorOfView(name: CoordinateQuantity): Float64Array | null {
    const { params, grad, state } = this.#view!;
    if (this.#layout.coordinates.length < this.#layout.dim) return null;
    if (name === 'params') return params;
    if (name === 'grad') return this.#direction === 1 ? grad : null;
    const stateNames: readonly string[] = this.#layout.stateNames;
    return state[stateNames.indexOf(name)] ?? null;
  }
}

/** A record of one step, which is written when it is read. */
class StepRecord {
  readonly quantities: Quantities;
  readonly #layout: StepLayout;
  readonly #measurements: Measurements | null;
  readonly #step: RecordStep;
  readonly #names: ReadonlySet<StepValue>;
  #data: Float64Array | null = null;
  #isWritten = false;

  constructor(layout: StepLayout, config: RunConfig, measurements: Measurements | null) {
    this.#layout = layout;
    this.#measurements = measurements;
    this.quantities = new Quantities(layout, config);
    this.#step = new RecordStep(this.quantities, layout);
    this.#names = new Set<StepValue>([
      'step',
      'bound',
      ...this.quantities.infos
        .map(({ quantity }) => quantity)
        .filter((quantity) => !this.quantities.isOfCoordinate(quantity)),
    ]);
  }

  has(name: StepValue): boolean {
    return this.#names.has(name);
  }

  forget(): void {
    this.#isWritten = false;
  }

  read(view: StepView, best: number): RecordStep {
    if (this.#isWritten) return this.#step;
    const length = recordLength(this.#layout);
    if (!this.#data) {
      // The best loss and the loss of the next step follow the record.
      this.#data = new Float64Array(length + 2).fill(Number.NaN);
      this.#step.look(this.#data, 0);
    }
    writeRecord(this.#layout, view, this.#data, 0, this.#measurements);
    this.#data[length] = best;
    this.#isWritten = true;
    return this.#step;
  }
}
