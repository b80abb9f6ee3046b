import type { Crossing } from '../../core/analysis/sweep/sweptCell';
import { stepsPerEpochOf } from '../../core/config/readOptions';
import type { RunConfig } from '../../core/config/runConfig';
import { samplesInARow } from '../../core/diagnosis/rules/edgeOfStability';
import { extraPlace, recordPlaces, type StepLayout } from '../../core/trace/layout';
import { Quantities } from '../../core/trace/quantities';

type Read = (data: Float64Array, offset: number) => number;

/**
 * Finds where a run reached its stability limit, by the samples that it recorded: the same consecutive samples that the
 * finding edge-of-stability requires, without its conditions on the effect.
 */
export class StabilityCrossing {
  readonly #quantities: Quantities;
  readonly #layout: StepLayout;
  readonly #read: { readonly value: Read; readonly limit: Read } | null;
  readonly #inARow: number;
  #streak = 0;
  #candidate: Crossing | null = null;
  #found: Crossing | null = null;

  constructor(layout: StepLayout, config: RunConfig) {
    const quantities = new Quantities(layout, config);
    this.#quantities = quantities;
    this.#layout = layout;
    this.#inARow = samplesInARow(stepsPerEpochOf(config));
    this.#read = quantities.has('stability')
      ? { value: quantities.reader('stability', 0), limit: quantities.reader('stabilityLimit', 0) }
      : null;
  }

  /** undefined if the run does not measure its stability; null if the limit was not reached. */
  get found(): Crossing | null | undefined {
    return this.#read ? this.#found : undefined;
  }

  /** Receives the records of the run in order. */
  onRecord(data: Float64Array, offset: number): void {
    if (!this.#read || this.#found) return;
    const stability = this.#read.value(data, offset);
    if (Number.isNaN(stability)) return;
    const limit = this.#read.limit(data, offset);
    if (!(stability >= limit) || !this.#isSettled(data, offset)) {
      this.#streak = 0;
      return;
    }
    if (this.#streak++ === 0) this.#candidate = { step: data[offset + recordPlaces.t]!, stability, limit };
    if (this.#streak >= this.#inARow) this.#found = this.#candidate;
  }

  /** The first moment averages over too few gradients before. */
  #isSettled(data: Float64Array, offset: number): boolean {
    const [age, phase] = [extraPlace(this.#layout, 'age'), extraPlace(this.#layout, 'phase')];
    const settled = this.#quantities.settledAge(phase < 0 ? 0 : data[offset + phase]!);
    return data[offset + (age < 0 ? recordPlaces.t : age)]! >= settled;
  }
}
