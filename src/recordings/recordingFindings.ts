import type { Finding } from '../core/diagnosis/finding';
import type { SourceLocation } from '../core/sourceLocation';
import { Observations } from './observations';
import { findingOf } from './observedFindings';
import type { DigestRow, RankComparison } from './rankComparison';
import { type Recording, type ScriptPlace, sizeOf } from './recording';
import { recordingRules } from './rules/registry';
import type { RecordedReport, RecordedStep } from './rules/rule';

/** What findings follow from: the rows of a batch, and its events as JSON. */
interface Recorded {
  readonly steps: readonly RecordedStep[];
  readonly digests: readonly DigestRow[];
  readonly events: readonly string[];
}

/** The findings of a recording as far as it has been read: what the recorder observed, and what rules find in its rows. */
export class RecordingFindings {
  readonly #recording: Recording;
  readonly #locationOf: (place: ScriptPlace) => SourceLocation;
  readonly #rules: readonly { take(step: RecordedStep): void; readonly report: RecordedReport | null }[];
  readonly #ranks: RankComparison | null;
  readonly #observations = new Observations();
  #last = '';

  /**
   * @param locationOf  the range of a line of the script
   * @param ranks  shared by the ranks of a distributed training; null for one process
   */
  constructor(
    recording: Recording,
    locationOf: (place: ScriptPlace) => SourceLocation,
    ranks: RankComparison | null = null,
  ) {
    this.#ranks = ranks;
    this.#recording = recording;
    this.#locationOf = locationOf;
    this.#rules = recordingRules.map((Rule) => new Rule(recording));
  }

  take({ steps, digests, events }: Recorded): void {
    for (const event of events) this.#observations.take(event);
    const { distributed } = this.#recording;
    if (distributed) for (const row of digests) this.#ranks?.take(distributed.rank, row);
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
    const ruled = [...(this.#ranks ? [this.#ranks] : []), ...this.#rules]
      .flatMap(({ report }) => report ?? [])
      .map(({ tensors, ...report }) => this.#finding({ ...report, location }, tensors));
    return numbered([...this.#observed(), ...ruled]);
  }

  #observed(): Unnumbered[] {
    return this.#observations.all.flatMap((observation) => {
      const found = findingOf(observation);
      if (!found) return [];
      const { firstStep, lastStep, count, place, tensors } = observation;
      const steps = [Math.max(1, firstStep), Math.max(1, lastStep)] as const;
      const location = place && this.#locationOf(place);
      const indices = this.#recording.tensors.flatMap(({ name }, i) => (tensors.includes(name) ? [i] : []));
      const evidence = { seen: count, ...(tensors.length > 0 && { tensors: tensors.length }) };
      return [this.#finding({ ...found, steps, evidence, location }, indices)];
    });
  }

  #finding(
    own: Pick<
      Finding,
      'code' | 'severity' | 'headline' | 'detail' | 'advice' | 'steps' | 'evidence' | 'location'
    >,
    tensors: readonly number[],
  ): Unnumbered {
    return { ...own, coordinates: this.#recordedIn(tensors), subject: null, origin: null, fixes: [] };
  }

  /** The recorded coordinates of some tensors. */
  #recordedIn(tensors: readonly number[]): number[] {
    const ranges = tensors.map((i) => this.#recording.tensors[i]!);
    return this.#recording.coordinates.filter((c) =>
      ranges.some(({ first, shape }) => c >= first && c < first + sizeOf(shape)),
    );
  }
}

type Unnumbered = Omit<Finding, 'id'>;

/** Findings of one code have the ids `code-1`, `code-2`, … in the order in which they were first observed. */
function numbered(findings: readonly Unnumbered[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const number = (seen.get(finding.code) ?? 0) + 1;
    seen.set(finding.code, number);
    return { ...finding, id: `${finding.code}-${number}` };
  });
}
