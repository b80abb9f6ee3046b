import type { Finding } from '../core/diagnosis/finding';
import type { SourceLocation } from '../core/sourceLocation';
import { type Recording, type ScriptPlace, sizeOf } from './recording';
import { recordingRules } from './rules/registry';
import type { RecordedReport, RecordedStep } from './rules/rule';

/** What findings follow from: the rows of a batch, and its events as JSON. */
interface Recorded {
  readonly steps: readonly RecordedStep[];
  readonly events: readonly string[];
}

/** The findings of a recording as far as it has been read: what the recorder observed, and what rules find in its rows. */
export class RecordingFindings {
  readonly #recording: Recording;
  readonly #locationOf: (place: ScriptPlace) => SourceLocation;
  readonly #rules: readonly { take(step: RecordedStep): void; readonly report: RecordedReport | null }[];
  #last = '';

  /** @param locationOf  the range of a line of the script */
  constructor(recording: Recording, locationOf: (place: ScriptPlace) => SourceLocation) {
    this.#recording = recording;
    this.#locationOf = locationOf;
    this.#rules = recordingRules.map((Rule) => new Rule(recording));
  }

  take({ steps }: Recorded): void {
    for (const step of steps) for (const rule of this.#rules) rule.take(step);
  }

  /** Whether the findings differ from those at the last call. */
  hasChanged(): boolean {
    const now = JSON.stringify(this.all);
    const changed = now !== this.#last;
    this.#last = now;
    return changed;
  }

  get all(): readonly Finding[] {
    const { place } = this.#recording;
    const location = place && this.#locationOf(place);
    return this.#rules
      .flatMap(({ report }) => report ?? [])
      .map(
        ({ tensors, ...report }): Finding => ({
          ...report,
          id: `${report.code}-1`,
          coordinates: this.#recordedIn(tensors),
          subject: null,
          origin: null,
          location,
          fixes: [],
        }),
      );
  }

  /** The recorded coordinates of some tensors. */
  #recordedIn(tensors: readonly number[]): number[] {
    const ranges = tensors.map((i) => this.#recording.tensors[i]!);
    return this.#recording.coordinates.filter((c) =>
      ranges.some(({ first, shape }) => c >= first && c < first + sizeOf(shape)),
    );
  }
}
