import { essentials } from '../../core/config/resolve';
import type { RunConfig } from '../../core/config/runConfig';
import { type SpreadCoordinates, spreadOf } from '../../core/coordinates/coordinateSet';
import type { Finding, Fix } from '../../core/diagnosis/finding';
import { originSentence } from '../../core/diagnosis/originWords';
import { closerEvery, samplingEvery } from '../../core/diagnosis/probes/stabilityGauge';
import { accuracyWords } from '../../core/gradient/differenceAccuracy';
import { formatNumber } from '../../core/numerics/format';
import { phasesOf } from '../../core/phases';
import { editWords } from '../../core/sourceEdit';
import type { SourceLocation } from '../../core/sourceLocation';
import { recordPlaces } from '../../core/trace/layout';
import { verdictId } from '../../core/verdict/verdict';
import { searchSentence } from '../../core/verify/search/searchBudget';
import { configIn, inTagsOf, tagsFor } from '../../loss/annotation/tagWords';
import { environmentWords, type LossEnvironment } from '../../loss/environment';
import { findingIn } from '../../loss/findingWords';
import { explainGradient, gradientTerms } from '../../loss/gradientWays';
import type { LossProblem } from '../../loss/problem';
import type { Language } from '../../loss/source';
import {
  type FindingView,
  type FixView,
  type ReplayView,
  type RunSummary,
  type RunView,
  scalarPlaces,
  type TrainingView,
  type VerdictView,
} from '../../protocol/panel';
import { hasFormulas } from '../../recordings/derivation';
import type { Recording } from '../../recordings/recording';
import { isReplayable } from '../../recordings/spikePlan';
import type { Run } from '../../runs/run';
import type { RunPlaces } from '../../runs/runPlaces';
import { evidenceOf } from '../evidence';
import { groupLevels } from './heatmap';

export function summaryOf(run: Run): RunSummary {
  return {
    id: run.record.id,
    lossName: run.record.source.lossName,
    title: run.name,
    status: run.record.status,
    outcome: run.expectation ? `${run.summary} ${run.expectation.met ? '✓' : '✗'}` : run.summary,
    startedAt: run.record.startedAt,
  };
}

/**
 * @param relativeFile  the path of the file relative to the workspace
 * @param places  the places of the findings; null if they are unknown
 * @param sweep  the id of the report on the sweep that made it
 * @param editedFiles  relative paths of the files whose text is no longer the one that the run loaded
 */
export function viewOf(
  run: Run,
  relativeFile: string,
  places: RunPlaces | null,
  sweep: string | null = null,
  editedFiles: readonly string[] = [],
): RunView {
  const { record, trace } = run;
  const gradientBy = record.gradientMode === 'exact' ? (record.environment?.gradientBy ?? null) : null;
  const failure = record.problems.find((problem) => problem.severity === 'error') ?? null;
  const errorView = ({ code, message, location }: LossProblem) => ({
    code,
    message,
    location: places?.ofLocation(location) ?? location,
  });
  return {
    id: record.id,
    lossName: record.source.lossName,
    file: relativeFile,
    location: places?.name ?? record.source.location,
    training: record.recording ? trainingView(record.recording) : null,
    status: record.status,
    editedFiles,
    hasControl: run.hasControl,
    mayEvaluate: run.mayEvaluate,
    steps: run.steps,
    // The end of a training is not known before it comes.
    plannedSteps: record.recording ? run.steps : record.config.steps,
    stopped: record.stopped,
    sweep,
    error: failure && errorView(failure),
    warnings: [...record.problems, ...(run.storageProblem ? [run.storageProblem] : [])]
      .filter(({ severity }) => severity === 'warning')
      .map(errorView),
    dim: record.recording?.dim ?? record.start?.length ?? 0,
    names: { entries: record.config.names, vector: record.source.parameterName },
    coordinates: drawableCoordinates(run),
    hasBands: record.layout?.bands !== undefined,
    groupLevels: groupLevels(run),
    mapped: record.layout?.blocks === undefined ? [] : (record.layout.bands ?? []),
    stride: trace?.stride ?? 1,
    gradientMode: record.gradientMode,
    gradientBy,
    gradientHelp: record.gradientMode && {
      term: gradientTerms[record.gradientMode],
      text: explainGradient(record.gradientMode, gradientBy),
    },
    gradientAccuracy: record.differenceAccuracy ? accuracyWords(record.differenceAccuracy) : null,
    environment: record.recording
      ? recordedEnvironment(record.recording)
      : record.environment
        ? environmentLines(record.environment)
        : [],
    config: record.recording
      ? trainingWords(record.recording)
      : configWords(record.config, record.source.language),
    seed: record.config.seed,
    maximizes: record.config.maximize,
    quantities: run.quantities?.infos ?? [],
    boundNote: record.recording ? '' : boundNote(run),
    verdict: verdictView(run),
    findings: record.findings.map((finding, index) =>
      findingView(finding, run, index, places?.ofFinding(finding) ?? finding.location ?? run.location),
    ),
    revision: run.revision,
    verification: { status: record.verification, done: run.tried[0], total: run.tried[1] },
    lrChanges: record.lrChanges,
    stability: samplingOf(run),
    scalars: scalarsOf(run),
  };
}

/** The recorded coordinates and those that were picked later, ascending. */
function drawableCoordinates({ record, picked, dim }: Run): SpreadCoordinates {
  const recorded = spreadOf(record.layout?.coordinates ?? [], record.layout?.dim ?? dim);
  const others = [...recorded.others, ...picked.keys()].sort((a, b) => a - b);
  return { ...recorded, others };
}

/** The most parameters that are shown beside the verdict. */
const mostFitted = 12;

function verdictView(run: Run): VerdictView | null {
  const { verdict } = run;
  const { outcome } = run.record;
  if (!outcome || !verdict || outcome.steps === 0) return null;
  const { best } = outcome;
  const { kind, headline, detail, certainty, fixes } = verdict;
  const notes = [run.verdictRefusal, run.search && searchSentence(run.search)].filter(
    (note) => note !== null,
  );
  return {
    id: verdictId,
    kind,
    headline,
    detail,
    certainty,
    fitted: best.params.slice(0, mostFitted),
    fittedAt: best.t,
    isBestLucky: verdict.isBestLucky ?? false,
    fixes: fixes.map((fix) => fixView(fix, run)),
    now: fixes[0]?.words?.now ?? null,
    fixesNote: notes.length > 0 ? notes.join(' ') : null,
  };
}

/** Omits options that are shown elsewhere: the seed, the steps (progress), the names (coordinates). */
function configWords(config: RunConfig, language: Language): RunView['config'] {
  const { seed: _seed, steps: _steps, names: _names, ...shown } = essentials(config);
  const { start } = shown;
  if (!Array.isArray(start) || start.length <= mostStartNumbers) return configIn(language, shown);
  const [first = ''] = configIn(language, { start: start.slice(0, 3) }).map(([, text]) =>
    text.replace(/\]$/, ''),
  );
  return configIn(language, { ...shown, start: [] }).map(([name, text]) =>
    name === 'start' ? [name, `${first}, … ${start.length} numbers]`] : [name, text],
  );
}

/** Options of torch that say nothing of the formula: implementations, what the class says too, and what schedulers keep. */
const notOfFormula: ReadonlySet<string> = new Set([
  'foreach',
  'fused',
  'capturable',
  'differentiable',
  'decoupled_weight_decay',
  'initial_lr',
  'max_lr',
  'min_lr',
  'max_momentum',
  'base_momentum',
]);

function trainingView(recording: Recording): TrainingView {
  const { optimizer, module, distributed, tensors, groups } = recording;
  return {
    optimizer: `${module}.${optimizer}`,
    hasFormulas: hasFormulas(recording),
    rank: distributed && `rank ${distributed.rank} of ${distributed.worldSize}`,
    tensors: tensors.length,
    groups: groups.map(optionWords),
  };
}

function optionWords(group: Recording['groups'][number]): (readonly [string, string])[] {
  return Object.entries(group)
    .filter(([name, value]) => !notOfFormula.has(name) && value !== null && value !== false && value !== 0)
    .map(([name, value]) => [
      name,
      typeof value === 'number' ? formatNumber(value, 6) : JSON.stringify(value),
    ]);
}

/** The optimizer with the options of its first group, the number of groups, and the rank. */
function trainingWords({ optimizer, groups, distributed }: Recording): RunView['config'] {
  const [first = {}] = groups;
  const options = optionWords(first).map(([name, value]) => `${name}=${value}`);
  return [
    ['optimizer', [optimizer, ...options].join(' ')],
    ...(groups.length > 1 ? [['groups', String(groups.length)] as const] : []),
    ...(distributed ? [['rank', `${distributed.rank} of ${distributed.worldSize}`] as const] : []),
  ];
}

function recordedEnvironment({ environment, argv }: Recording): RunView['environment'] {
  const packages = Object.entries(environment.packages).map(([name, version]) => `${name} ${version}`);
  return [
    ['environment', [`Python ${environment.version}`, ...packages].join(', ')],
    ['interpreter', environment.interpreter],
    ['command', argv.join(' ')],
  ];
}

function environmentLines(environment: LossEnvironment): RunView['environment'] {
  const { interpreter, foundBy } = environment;
  return [
    ['environment', environmentWords(environment)],
    ['interpreter', `${interpreter} (${foundBy})`],
  ];
}

/** A longer start is shown by its first numbers. */
const mostStartNumbers = 32;

/** The numbers of the header; see `scalarPlaces`. */
export function scalarsOf(run: Run): Float64Array {
  const { trace } = run;
  const { outcome } = run.record;
  const scalars = new Float64Array(Object.keys(scalarPlaces).length).fill(Number.NaN);
  if (trace && trace.steps > 0) {
    scalars[scalarPlaces.lossNow] = trace.lastAt(recordPlaces.loss);
    scalars[scalarPlaces.bestLoss] = trace.best.loss;
    scalars[scalarPlaces.bestStep] = trace.best.t;
    scalars[scalarPlaces.lrNow] = trace.lastAt(recordPlaces.lr);
    scalars[scalarPlaces.gradNormNow] = trace.lastAt(recordPlaces.gradNorm);
  }
  if (outcome && outcome.steps > 0) {
    if (!Number.isNaN(outcome.final.loss)) {
      scalars[scalarPlaces.finalLoss] = outcome.final.loss;
      scalars[scalarPlaces.gradNormNow] = outcome.final.gradNorm;
    }
    scalars[scalarPlaces.bestLoss] = outcome.best.loss;
    scalars[scalarPlaces.bestStep] = outcome.best.t;
  }
  if (run.stability) {
    scalars[scalarPlaces.unstableAt] = run.stability.unstableAt;
    scalars[scalarPlaces.rebound] = run.stability.rebound;
  }
  return scalars;
}

/** The most coordinates of a finding that are sent to the page. */
const mostCoordinates = 1000;

function findingView(finding: Finding, run: Run, index: number, location: SourceLocation): FindingView {
  const { headline, detail, advice } = findingIn(run.record.source.language, finding);
  return {
    id: finding.id,
    code: finding.code,
    severity: finding.severity,
    headline,
    detail,
    advice,
    origin: finding.origin && originSentence(finding.origin),
    steps: finding.steps,
    coordinates: finding.coordinates.slice(0, mostCoordinates),
    coordinateCount: finding.coordinates.length,
    evidence: evidenceOf(finding, run.record.config),
    location,
    fixes: run.fixesOf(finding).map((fix) => fixView(fix, run)),
    now: run.fixesOf(finding)[0]?.words?.now ?? null,
    replay: replayView(finding, run),
    fixesNote: fixesNote(finding, run, index),
  };
}

function replayView(finding: Finding, { record, replays }: Run): ReplayView | null {
  if (!record.recording || !isReplayable(finding)) return null;
  const state = replays.get(finding.id);
  const blank = { done: 0, total: 0, summary: null, unchanged: null, tried: [] };
  if (!state) return { ...blank, status: 'none' };
  return state.status === 'running' ? { ...blank, ...state } : { ...blank, status: 'done', ...state.words };
}

function fixView(fix: Fix, { record }: Run): FixView {
  const { id, title, words } = fix;
  return {
    id,
    kind: fix.edit ? 'edit' : 'config',
    title: inTagsOf(record.source.language, words?.label ?? title),
    outcome: words
      ? `${words.loss === 'loss' ? '' : `${words.loss} `}${words.reached} at step ${words.t}${words.limit === undefined ? '' : ` (${words.limit})`}`
      : null,
    detail: fix.edit ? editWords(fix.edit) : tagsFor(record.source.language, fix.patch).join('  '),
  };
}

/** The reason why a finding has no fix to offer although its fixes were tried. */
function fixesNote({ fixes }: Finding, run: Run, index: number): string | null {
  if (run.record.verification !== 'done' || fixes.length > 0) return null;
  const [done, total] = run.tried;
  if (done < total && run.reported?.[index]?.fixes.length) return 'Not all fixes were tried.';
  return run.refusals[index] ?? null;
}

function samplingOf({ quantities, record }: Run): RunView['stability'] {
  if (!quantities?.has('stability') || record.start === null) return null;
  const every = samplingEvery(record.config.steps, record.start.length);
  return { every, closerEvery: closerEvery(every), settledFrom: quantities.settledAge(0) };
}

function boundNote(run: Run): string {
  const [{ definition, options }] = phasesOf(run.record.config);
  return Number.isFinite(definition.bound(options)(2))
    ? `|Δθ| ≤ lr·B(t) for ${definition.title}, whatever the gradients`
    : `${definition.title} has no bound on its updates: they grow with the gradient`;
}
