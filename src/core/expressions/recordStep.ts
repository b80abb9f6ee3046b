import { recordedNames, recordOffset, recordPlaces, type StepLayout } from '../trace/layout';
import type { CoordinateQuantity } from '../trace/names';
import type { Quantities } from '../trace/quantities';
import type { RowValue } from '../trace/trace';
import type { ExpressionStep, StepValue } from './expression';
import { countWithin, placeFrom } from './recordedRange';

/**
 * The values of a step for expressions, read from its record. `look` selects the record: a row of a trace, or a record followed by the
 * best loss so far and the loss of the next step.
 */
export class RecordStep implements ExpressionStep {
  readonly #quantities: Quantities;
  readonly #layout: StepLayout;
  readonly #values = new Map<StepValue, RowValue>();
  readonly #coordinates = new Map<CoordinateQuantity, Map<number, RowValue>>();
  readonly #vectors = new Map<CoordinateQuantity, (from: number, count: number) => Float64Array>();
  #data: Float64Array = new Float64Array(0);
  #offset = 0;

  constructor(quantities: Quantities, layout: StepLayout) {
    this.#quantities = quantities;
    this.#layout = layout;
  }

  /** The record to read from now on. It must not change while an expression is evaluated. */
  look(data: Float64Array, offset: number): void {
    this.#data = data;
    this.#offset = offset;
  }

  scalar(name: StepValue): number {
    let read = this.#values.get(name);
    if (!read) {
      read = this.#readerOf(name);
      this.#values.set(name, read);
    }
    return read(this.#data, this.#offset);
  }

  at(name: CoordinateQuantity, coordinate: number): number {
    const { coordinates } = this.#layout;
    const k = placeFrom(coordinates, coordinate);
    if (coordinates[k] !== coordinate) return Number.NaN;
    let readers = this.#coordinates.get(name);
    if (!readers) {
      readers = new Map();
      this.#coordinates.set(name, readers);
    }
    let read = readers.get(k);
    if (!read) {
      read = this.#quantities.reader(name, k);
      readers.set(k, read);
    }
    return read(this.#data, this.#offset);
  }

  vector(name: CoordinateQuantity, from: number, to: number): Float64Array {
    let read = this.#vectors.get(name);
    if (!read) {
      read = this.#vectorReaderOf(name);
      this.#vectors.set(name, read);
    }
    const { coordinates } = this.#layout;
    return read(placeFrom(coordinates, from), countWithin(coordinates, from, to));
  }

  coordinateAt(from: number, place: number): number {
    const { coordinates } = this.#layout;
    return coordinates[placeFrom(coordinates, from) + place] ?? Number.NaN;
  }

  #readerOf(name: StepValue): RowValue {
    if (name === 'step') return (data, offset) => data[offset + recordPlaces.t]!;
    return name === 'bound' ? this.#quantities.bound : this.#quantities.reader(name, 0);
  }

  #vectorReaderOf(name: CoordinateQuantity): (from: number, count: number) => Float64Array {
    const recorded = recordedNames(this.#layout).find((each) => each === name);
    if (recorded !== undefined) {
      const place = recordOffset(this.#layout, recorded);
      return (from, count) => {
        const start = this.#offset + place + from;
        return this.#data.subarray(start, start + count);
      };
    }
    const read = this.#quantities.rangeReader(name);
    return (from, count) => {
      const out = new Float64Array(count);
      read(this.#data, this.#offset, from, out);
      return out;
    };
  }
}
