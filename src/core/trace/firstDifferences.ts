import {
  type ExtraName,
  extraPlace,
  type RecordedName,
  recordedNames,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from './layout';

/** The first number in which two runs differ. */
export interface Difference {
  readonly t: number;
  readonly quantity: string;
  /** null if the quantity has one value per step. */
  readonly coordinate: number | null;
  readonly a: number;
  readonly b: number;
}

interface Place {
  readonly quantity: string;
  readonly coordinate: number | null;
  readonly a: number;
  readonly b: number;
  /** The index of the quantity, whose values have one scale. */
  readonly scale: number;
}

/**
 * What two runs both record, and where each of these quantities differs first. Numbers are equal if
 * abs(a − b) ≤ tolerance × max(abs(a), abs(b), largest abs of the quantity so far); with tolerance 0 if they have the same bits,
 * where any NaN equals any other.
 */
export class FirstDifferences {
  /** The number of quantities that are compared. */
  readonly quantities: number;
  readonly #places: readonly Place[];
  readonly #largest: Float64Array;
  readonly #tolerance: number;
  /** The quantities that have differed. */
  readonly #differing = new Set<string>();

  constructor(a: StepLayout, b: StepLayout, tolerance: number) {
    this.#places = sharedPlaces(a, b);
    this.quantities = new Set(this.#places.map(({ quantity }) => quantity)).size;
    this.#largest = new Float64Array(this.#places.length);
    this.#tolerance = tolerance;
  }

  /**
   * Compares the records of one step. Must be called with ascending steps.
   *
   * @returns a difference for each quantity that differs for the first time
   */
  at(dataA: Float64Array, offsetA: number, dataB: Float64Array, offsetB: number): Difference[] {
    const found: Difference[] = [];
    for (const { quantity, coordinate, scale, ...place } of this.#places) {
      if (this.#differing.has(quantity)) continue;
      const a = dataA[offsetA + place.a]!;
      const b = dataB[offsetB + place.b]!;
      if (!this.#areEqual(a, b, scale)) {
        this.#differing.add(quantity);
        found.push({ t: dataA[offsetA]!, quantity, coordinate, a, b });
      }
      const size = Math.max(Math.abs(a), Math.abs(b));
      if (size > this.#largest[scale]! && size < Number.POSITIVE_INFINITY) this.#largest[scale] = size;
    }
    return found;
  }

  #areEqual(a: number, b: number, scale: number): boolean {
    if (Object.is(a, b)) return true;
    const size = Math.max(Math.abs(a), Math.abs(b), this.#largest[scale]!);
    return this.#tolerance > 0 && Math.abs(a - b) <= this.#tolerance * size;
  }
}

/** Samples are taken when a measurement was due, which is no part of the run itself. */
const measured: readonly ExtraName[] = ['stability', 'rebound'];

function sharedPlaces(a: StepLayout, b: StepLayout): Place[] {
  const scalars = Object.entries(recordPlaces)
    .filter(([name]) => name !== 't')
    .map(([quantity, place]) => ({ quantity, coordinate: null, a: place, b: place }));
  const extras = a.extras
    .filter((name) => b.extras.includes(name) && !measured.includes(name))
    .map((name) => ({ quantity: name, coordinate: null, a: extraPlace(a, name), b: extraPlace(b, name) }));
  const indexInB = new Map(b.coordinates.map((c, k) => [c, k]));
  const names = recordedNames(a).filter((name) => recordedNames(b).includes(name));
  const lists = names.flatMap((quantity: RecordedName) =>
    a.coordinates.flatMap((coordinate, k) => {
      const other = indexInB.get(coordinate);
      if (other === undefined) return [];
      return { quantity, coordinate, a: recordOffset(a, quantity) + k, b: recordOffset(b, quantity) + other };
    }),
  );
  const scales = new Map<string, number>();
  return [...scalars, ...extras, ...lists].map((place) => {
    const scale = scales.get(place.quantity) ?? scales.size;
    scales.set(place.quantity, scale);
    return { ...place, scale };
  });
}
