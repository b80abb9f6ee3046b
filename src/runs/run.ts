import { lossWord } from '../core/ascent';
import { CoordinateLayout } from '../core/coordinates/coordinateLayout';
import type { NameOf } from '../core/coordinates/coordinateNames';
import type { Finding, Fix } from '../core/diagnosis/finding';
import { type StabilityOutlook, StabilityTrend } from '../core/diagnosis/stabilityTrend';
import { expectationWords } from '../core/expectation';
import { formatNumber } from '../core/numerics/format';
import type { SourceLocation } from '../core/sourceLocation';
import { Quantities } from '../core/trace/quantities';
import type { Trace } from '../core/trace/trace';
import type { VectorSample } from '../core/trace/vectorSample';
import { withProposal } from '../core/verdict/proposal';
import { type Verdict, type VerdictKind, verdictId } from '../core/verdict/verdict';
import type { SearchReport } from '../core/verify/search/searchBudget';
import type { LossProblem } from '../loss/problem';
import { derivationOfRecording } from '../recordings/derivation';
import type { Recording } from '../recordings/recording';
import type { ReplayWords } from '../recordings/spikeWords';
import { TensorHistory } from '../recordings/tensorHistory';
import { Keyframes } from './keyframes';
import type { PickedHistory } from './pickedHistory';
import type { RunRecord } from './runRecord';

/** The state of a replay of the steps around a spike. `done` and `total` count its trials. */
export type SpikeTry =
  | { readonly status: 'running'; readonly done: number; readonly total: number }
  | { readonly status: 'done'; readonly words: ReplayWords };

/** A run of the history: its record, and its steps if they are loaded. */
export class Run {
  readonly record: RunRecord;
  /** Whether a command of this window started it. */
  readonly isOwn: boolean;
  /**
   * Whether the loss may be evaluated again, because a command of this window ran it, or the user has
   * requested it.
   */
  mayEvaluate: boolean;
  /** Whether its steps come from a source that can be paused; known once the source is open. */
  hasControl = true;
  /** The findings that the run itself reported last; null for a run of an earlier VS Code window. */
  reported: readonly Finding[] | null = null;
  /** The numbers of finished and planned runs that try the fixes. */
  tried: readonly [done: number, total: number] = [0, 0];
  /** For each finding, the reason why none of its fixes helps. Empty while unknown, and for a run of an earlier VS Code window. */
  refusals: readonly (string | null)[] = [];
  /** The reason why no configuration that was tried helps against the verdict; null if there is none. */
  verdictRefusal: string | null = null;
  /** What the search for fixes has spent; null if there was none, and for a run of an earlier VS Code window. */
  search: SearchReport | null = null;
  /** The problem with its steps on disk; null if there is none, or it is not known yet. */
  storageProblem: LossProblem | null = null;
  /** The samples of all coordinates of a run with many, in order of their steps; read together with the steps. */
  samples: VectorSample[] = [];
  /** The states from which its steps can be made again; read together with the steps. */
  keyframes = new Keyframes();
  /** What is recorded of the tensors of a training; null for the run of a loss. */
  readonly tensors: TensorHistory | null;
  /** What *Try it here* does or did for findings of a training, by their ids. */
  readonly replays = new Map<string, SpikeTry>();
  /** The histories of coordinates that were not recorded and that the user picked later. */
  readonly picked = new Map<number, PickedHistory>();
  /** Settles when the run has ended and is on disk. */
  readonly finished: Promise<void>;
  /** Settles `finished`. Called once, when the run has ended and is on disk. */
  markFinished!: () => void;
  #trace: Trace | null = null;
  #quantities: Quantities | null = null;
  #trend: StabilityTrend | null = null;
  #coordinates: { readonly names: readonly string[] | null; readonly layout: CoordinateLayout } | null = null;
  #offered = '';
  #revision = 0;

  constructor(record: RunRecord, isOwn = false) {
    this.record = record;
    this.isOwn = isOwn;
    this.mayEvaluate = isOwn;
    this.tensors = record.recording ? new TensorHistory(record.recording.tensors.length) : null;
    this.finished = new Promise((resolve) => {
      this.markFinished = resolve;
    });
  }

  /** The steps; null if they are not in memory. */
  get trace(): Trace | null {
    return this.#trace;
  }
  set trace(trace: Trace | null) {
    this.#trace = trace;
    const { config, recording } = this.record;
    this.#quantities =
      trace && new Quantities(trace.layout, config, recording && derivationOfRecording(recording));
    this.#trend =
      trace && this.#quantities!.has('stability') ? new StabilityTrend(trace, this.#quantities!) : null;
  }

  get quantities(): Quantities | null {
    return this.#quantities;
  }

  /** The latest stability value; null if it is not measured. */
  get stability(): StabilityOutlook | null {
    return this.#trend?.outlook ?? null;
  }

  get steps(): number {
    return this.record.outcome?.steps ?? this.record.steps;
  }

  get isLive(): boolean {
    const { status } = this.record;
    return status === 'queued' || status === 'loading' || status === 'running' || status === 'paused';
  }

  get dim(): number {
    const { config, layout, start, recording } = this.record;
    return recording?.dim ?? start?.length ?? config.start?.length ?? layout?.dim ?? 0;
  }

  /** The names of its coordinates. */
  get coordinates(): CoordinateLayout {
    const { config, source } = this.record;
    const known = this.#coordinates;
    if (known?.names === config.names && known.layout.dim === this.dim) return known.layout;
    const layout = new CoordinateLayout(config.names, source.parameterName, this.dim);
    this.#coordinates = { names: config.names, layout };
    return layout;
  }

  /** The name of a coordinate. */
  get nameOf(): NameOf {
    return (index) => this.coordinates.nameOf(index);
  }

  /** Increases when the findings or the offered fixes change. Ids of an older revision are refused. */
  get revision(): number {
    const offered = JSON.stringify([
      ...this.record.findings.map((finding) => [finding.id, this.fixesOf(finding).map(({ id }) => id)]),
      [verdictId, this.verdictFixes.map(({ id }) => id)],
    ]);
    if (offered !== this.#offered) {
      this.#offered = offered;
      this.#revision++;
    }
    return this.#revision;
  }

  /**
   * An offered fix; null if `revision` is out of date, or no finding or fix has these ids.
   *
   * @param findingId  the id of a finding, or `verdictId`
   */
  fixOf(revision: number, findingId: string, fixId: string): Fix | null {
    if (revision !== this.revision) return null;
    const finding = this.record.findings.find(({ id }) => id === findingId);
    const fixes = findingId === verdictId ? this.verdictFixes : finding ? this.fixesOf(finding) : [];
    return fixes.find(({ id }) => id === fixId) ?? null;
  }

  /** The verdict that fixes are tried for; null for a run that the user stopped, which says nothing about its end. */
  get fixableVerdict(): Verdict | null {
    const { outcome, stopped } = this.record;
    return stopped === 'user' ? null : (outcome?.verdict ?? null);
  }

  /** The fixes to offer for the verdict; empty until configurations have been tried. */
  get verdictFixes(): readonly Fix[] {
    return this.record.verification === 'done' ? (this.record.outcome?.verdict.fixes ?? []) : [];
  }

  /** Replaces the fixes of the verdict; without effect until the run has ended. */
  offerForVerdict(fixes: readonly Fix[]): void {
    const { outcome } = this.record;
    if (outcome) this.record.outcome = { ...outcome, verdict: { ...outcome.verdict, fixes } };
  }

  /** The fixes to offer for a finding; empty until its fixes have been tried. */
  fixesOf({ fixes }: Finding): readonly Fix[] {
    const { verification } = this.record;
    return verification === 'done' || verification === 'off' ? fixes : [];
  }

  get location(): SourceLocation {
    return this.record.source.location;
  }

  /** "adam lr 0.05"; of a recording, with the name of the class: "AdamW lr 0.001" */
  get title(): string {
    const { recording, config } = this.record;
    const { optimizer, schedule } = config;
    if (recording) return recordingTitle(recording);
    return `${optimizer.name} lr ${formatNumber(optimizer.lr as number)}${schedule ? ` ${schedule.name}` : ''}`;
  }

  /** The name that the user gave the run, or its title. */
  get name(): string {
    return this.record.name ?? this.title;
  }

  /**
   * The result of `@expect`, with a sentence. null if nothing is expected, or if the result is unknown: a run that the user
   * stopped might have met its expectation later.
   */
  get expectation(): { readonly met: boolean; readonly words: string } | null {
    const { config, expectation, stopped } = this.record;
    if (!config.expect || !expectation || (!expectation.met && stopped === 'user')) return null;
    return { met: expectation.met, words: expectationWords(config.expect, expectation) };
  }

  /** The verdict on the run; null until it has ended, and if it made no step. */
  get verdict(): Verdict | null {
    const { outcome, config } = this.record;
    return outcome && withProposal({ ...outcome.verdict, fixes: this.verdictFixes }, config.steps);
  }

  /** The state of the run in a few words: "1000 steps, loss 3.1e-4", "interrupted at step 4021". */
  get summary(): string {
    const { status, problems } = this.record;
    switch (status) {
      case 'queued':
        return this.steps === 0 ? 'waiting to start' : `waiting to go on at step ${this.steps}`;
      case 'loading':
        return 'loading';
      case 'running':
        return this.record.recording
          ? `step ${this.steps}`
          : `step ${this.steps} of ${this.record.config.steps}`;
      case 'paused':
        return `paused at step ${this.steps}`;
      case 'interrupted':
        return `interrupted at step ${this.steps}`;
      case 'failed':
        return problems.find(({ severity }) => severity === 'error')?.message ?? 'failed';
      case 'finished':
        return finishedSummary(this);
      default:
        return status satisfies never;
    }
  }
}

function recordingTitle({ optimizer, groups: [first] }: Recording): string {
  const lr = first?.lr;
  return typeof lr === 'number' ? `${optimizer} lr ${formatNumber(lr)}` : optimizer;
}

/** The verdict in a word or two. */
const verdictWords: { readonly [K in VerdictKind]: string } = {
  converged: 'converged',
  'still-improving': 'not finished',
  stalled: 'stalled',
  unstable: 'unstable',
  diverged: 'diverged',
  broken: 'broken',
  unbounded: 'unbounded',
};

/** "converged, loss 3.1e-9 after 1000 steps", "diverged at step 60". */
function finishedSummary({ record: { outcome, stopped, config }, steps }: Run): string {
  if (stopped === 'user') return `stopped by you at step ${steps}`;
  if (!outcome) return `${steps} steps`;
  const { verdict, final } = outcome;
  const word = verdictWords[verdict.kind];
  return Number.isFinite(final.loss)
    ? `${word}, ${lossWord(config)} ${formatNumber(final.loss)} after ${steps} steps`
    : `${word} at step ${steps}`;
}
