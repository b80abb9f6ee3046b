import * as v from 'valibot';
import { placeSchema, type ScriptPlace } from './recording';

/** What the recorder observed at one line of the script, once or several times. */
export interface Observation {
  readonly kind: string;
  /** Calls of the optimizer's `step` at the first and at the last known time; 0 before the first call. */
  readonly firstStep: number;
  readonly lastStep: number;
  /** How often, as far as it is written: a file names the 2nd, 4th, 8th … time. */
  readonly count: number;
  readonly place: ScriptPlace | null;
  /** The names of the tensors of all times. */
  readonly tensors: readonly string[];
  /** What was measured at the first time. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

const eventSchema = v.object({
  step: v.number(),
  observed: v.looseObject({
    kind: v.string(),
    count: v.number(),
    place: v.optional(v.nullable(placeSchema), null),
    tensors: v.optional(v.array(v.string()), []),
  }),
});

/** Collects the events of a recording into observations, one for each kind and line. */
export class Observations {
  readonly #found = new Map<string, Observation>();

  get all(): readonly Observation[] {
    return [...this.#found.values()];
  }

  /** @param event  JSON; an event of another kind is ignored */
  take(event: string): void {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), eventSchema), event);
    if (!parsed.success) return;
    const { step, observed } = parsed.output;
    const { kind, count, place, tensors, ...evidence } = observed;
    const key = JSON.stringify([kind, place?.file, place?.line]);
    const before = this.#found.get(key);
    this.#found.set(key, {
      kind,
      firstStep: before?.firstStep ?? step,
      lastStep: step,
      count,
      place,
      tensors: [...new Set([...(before?.tensors ?? []), ...tensors])],
      evidence: before?.evidence ?? evidence,
    });
  }
}
