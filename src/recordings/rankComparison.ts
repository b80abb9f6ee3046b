import type { Recording } from './recording';
import type { RecordedReport } from './rules/rule';

/** Checksums of the tensors of one rank after a step: what is compared, the index of the tensor or buffer, and the checksum. */
export interface DigestRow {
  readonly t: number;
  readonly digests: readonly (readonly [of: string, tensor: number, digest: bigint])[];
}

interface Difference {
  readonly t: number;
  /** "parameter", "buffer", or a state of the optimizer. */
  readonly of: string;
  readonly tensor: number;
  /** The ranks that differ from most others; with two ranks, both. */
  readonly ranks: readonly number[];
}

/** Names in a sentence; the others are counted. */
const mostNames = 3;

/**
 * Compares what the ranks of a training have in common: under DistributedDataParallel, parameters, buffers and the optimizer's state are
 * equal after each step. All ranks record checksums at the same steps.
 */
export class RankComparison {
  readonly #recording: Recording;
  /** By step, then by rank: the checksums that wait for those of another rank. */
  readonly #waiting = new Map<number, Map<number, DigestRow['digests']>>();
  #first: readonly Difference[] = [];
  #compared = 0;
  /** The last compared step before the first difference, at which all was equal; 0 if there is none. */
  #equal = 0;
  #last = 0;

  /** @param recording  of any rank */
  constructor(recording: Recording) {
    this.#recording = recording;
  }

  take(rank: number, { t, digests }: DigestRow): void {
    const ofStep = this.#waiting.get(t) ?? new Map<number, DigestRow['digests']>();
    ofStep.set(rank, digests);
    this.#waiting.set(t, ofStep);
    if (ofStep.size < 2) return;
    this.#compare(t, ofStep);
    if (ofStep.size === this.#recording.distributed?.worldSize) this.#waiting.delete(t);
  }

  #compare(t: number, ofStep: ReadonlyMap<number, DigestRow['digests']>): void {
    this.#compared++;
    const differences = differencesOf(t, ofStep);
    if (differences.length === 0) {
      if (t < (this.#first[0]?.t ?? Number.POSITIVE_INFINITY)) this.#equal = Math.max(this.#equal, t);
      return;
    }
    this.#last = Math.max(this.#last, t);
    const [earliest] = this.#first;
    if (!earliest || t <= earliest.t) this.#first = differences;
  }

  get report(): RecordedReport | null {
    const [first] = this.#first;
    if (!first) return null;
    const { ranks, t } = first;
    const kinds = [...new Set(this.#first.map(({ of }) => of))];
    const named = this.#first.slice(0, mostNames).map((each) => this.#nameOf(each));
    const more = this.#first.length - named.length;
    const who =
      ranks.length === 1
        ? `Rank ${ranks[0]} differs from the other ranks`
        : `Ranks ${ranks.join(' and ')} differ`;
    return {
      code: 'ranks-differ',
      severity: 'error',
      headline: `${who} after step ${t}: ${whatDiffers(kinds)}.`,
      detail: `The numbers of ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''} are not equal bit for bit. ${this.#equal > 0 ? `After step ${this.#equal}, they were equal.` : 'It is the first compared step.'} Of large tensors, a sample is compared.`,
      advice: adviceFor(kinds),
      steps: [t, Math.max(t, this.#last)],
      evidence: { t, count: this.#first.length, compared: this.#compared, ranks: ranks.join(', ') },
      tensors: [...new Set(this.#first.filter(({ of }) => of !== 'buffer').map(({ tensor }) => tensor))],
    };
  }

  #nameOf({ of, tensor }: Difference): string {
    const { buffers, tensors } = this.#recording;
    const name = (of === 'buffer' ? buffers : tensors)[tensor]?.name ?? `${of} ${tensor}`;
    return of === 'parameter' || of === 'buffer' ? name : `${of} of ${name}`;
  }
}

function differencesOf(t: number, ofStep: ReadonlyMap<number, DigestRow['digests']>): Difference[] {
  const byTensor = new Map<string, { of: string; tensor: number; ranks: Map<bigint, number[]> }>();
  for (const [rank, digests] of ofStep)
    for (const [of, tensor, digest] of digests) {
      const key = `${of} ${tensor}`;
      const entry = byTensor.get(key) ?? { of, tensor, ranks: new Map<bigint, number[]>() };
      entry.ranks.set(digest, [...(entry.ranks.get(digest) ?? []), rank]);
      byTensor.set(key, entry);
    }
  return [...byTensor.values()].flatMap(({ of, tensor, ranks }) =>
    ranks.size > 1 ? [{ t, of, tensor, ranks: deviating([...ranks.values()]) }] : [],
  );
}

/** The ranks outside the largest group of equal ones; all if there is none. */
function deviating(groups: readonly (readonly number[])[]): number[] {
  const largest = Math.max(...groups.map(({ length }) => length));
  const isClear = groups.filter(({ length }) => length === largest).length === 1;
  const others = isClear ? groups.filter(({ length }) => length < largest) : groups;
  return others.flat().sort((a, b) => a - b);
}

/** "parameters and the optimizer's state" */
function whatDiffers(kinds: readonly string[]): string {
  const words = [
    ...(kinds.includes('parameter') ? ['parameters'] : []),
    ...(kinds.includes('buffer') ? ['buffers'] : []),
    ...(kinds.some((kind) => kind !== 'parameter' && kind !== 'buffer') ? ["the optimizer's state"] : []),
  ];
  const last = words.pop()!;
  return words.length > 0 ? `${words.join(', ')} and ${last}` : last;
}

function adviceFor(kinds: readonly string[]): string {
  if (kinds.includes('parameter'))
    return 'Write to parameters on all ranks alike, or broadcast them from rank 0 afterwards; a difference stays for the rest of the training.';
  if (kinds.includes('buffer'))
    return 'Leave broadcast_buffers=True, or use SyncBatchNorm, so that all ranks evaluate the same model.';
  return 'Load the state of the optimizer on all ranks, not on one.';
}
