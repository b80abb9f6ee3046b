import * as v from 'valibot';
import type { CallForm } from '../../core/callForm';
import type { RunConfig, RunConfigPatch } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import { spreadOut } from '../../core/coordinates/coordinateSet';
import { catalogue, type DiagnosisCode } from '../../core/diagnosis/catalogue';
import type {
  Finding,
  Fix,
  FixOutcome,
  NonFiniteCause,
  Origin,
  ResultName,
} from '../../core/diagnosis/finding';
import type { Severity } from '../../core/diagnosis/severity';
import type { ExpectationResult } from '../../core/expectation';
import { gradientMethods } from '../../core/objective';
import { recordedStates } from '../../core/optimizers/optimizer';
import type { EditMeaning } from '../../core/sourceEdit';
import type { SourceLocation } from '../../core/sourceLocation';
import type { StopReason } from '../../core/stopping';
import { bandQuantities } from '../../core/trace/bandNames';
import type { ExtraName, StepLayout } from '../../core/trace/layout';
import { mostGroups } from '../../core/trace/vectorSample';
import { type Verdict, verdictKinds } from '../../core/verdict/verdict';
import { type LossProblem, problemCodes } from '../../loss/problem';
import { dtypes, type Language, type LossSource, pythonLibraries } from '../../loss/source';
import type { RunStatus, VerificationStatus } from '../../protocol/panel';
import type { OutcomeMessage } from '../../protocol/worker';
import { isRunId } from '../runId';
import type { RunRecord } from '../runRecord';
import { number, vector } from './jsonNumbers';

type Schema<T> = v.GenericSchema<unknown, T>;

/** Every member of a union of names. A missing member does not compile. */
function oneOf<N extends string>(names: { readonly [K in N]: true }): Schema<N> {
  return v.picklist(Object.keys(names) as N[]);
}

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const texts = v.array(text);
const list = v.pipe(
  vector,
  v.transform((values) => Array.from(values)),
);

const location: Schema<SourceLocation> = v.object({
  file: text,
  cell: v.exactOptional(count),
  line: count,
  column: count,
  endLine: count,
  endColumn: count,
});

const sourceBase = {
  file: text,
  lossName: text,
  location,
  parameterName: v.nullable(text),
  texts: v.array(v.tuple([text, text])),
};
const form: Schema<CallForm> = v.object({
  vector: v.union([
    v.object({ kind: v.picklist(['array', 'Float64Array', 'Float32Array']) }),
    v.object({ kind: v.picklist(['object', 'numbers']), names: texts }),
    v.object({ kind: v.literal('rest') }),
  ]),
  context: v.union([v.boolean(), v.picklist(['unless-one', 'indices'])]),
});
const exportedFunction = { exportName: text, form };
const exportedLoss = {
  ...sourceBase,
  ...exportedFunction,
  startExport: v.nullable(text),
  gradient: v.nullable(v.object(exportedFunction)),
  validation: v.nullable(v.object(exportedFunction)),
  optimizer: v.exactOptional(
    v.object({ exportName: text, vectors: v.picklist(['plain', 'float64']), location }),
  ),
};
const sources: { readonly [L in Language]: Schema<Extract<LossSource, { language: L }>> } = {
  javascript: v.object({ ...exportedLoss, language: v.literal('javascript') }),
  python: v.object({
    ...exportedLoss,
    language: v.literal('python'),
    params: v.nullable(text),
    module: v.nullable(text),
    data: v.nullable(text),
    dtype: v.picklist(dtypes),
    library: v.nullable(v.picklist(pythonLibraries)),
    interpreter: v.nullable(v.object({ path: text, foundBy: text })),
  }),
};
const source: Schema<LossSource> = v.union(Object.values(sources));

/** The configuration is validated by the core's validator. */
function isPatch(value: unknown): boolean {
  return validatePatch(value).length === 0;
}
const patch: Schema<RunConfigPatch> = v.custom<RunConfigPatch>(isPatch);
/** The keys of every complete configuration, whether null or not. */
const configKeys: { readonly [K in keyof RunConfig]: true } = {
  optimizer: true,
  schedule: true,
  clip: true,
  steps: true,
  epochs: true,
  start: true,
  names: true,
  seed: true,
  gradientMode: true,
  samples: true,
  batch: true,
  validation: true,
  earlyStopping: true,
  tolerance: true,
  precision: true,
  lossScale: true,
  switch: true,
  expect: true,
  maximize: true,
  groups: true,
};
const config: Schema<RunConfig> = v.pipe(
  // The start is stored as a vector elsewhere.
  v.looseObject({ start: v.null() }),
  // Recordings of earlier versions have no such keys.
  v.transform((value) => ({ maximize: false, groups: null, ...value })),
  v.check(
    (value) => Object.keys(configKeys).every((key) => key in value),
    'the configuration is not complete',
  ),
  v.check((value) => isPatch(value), 'the configuration is not valid'),
  v.transform((value) => value as unknown as RunConfig),
);

/** The largest number of parameters of a run: a file must not demand more memory than a run takes. */
const mostCoordinates = 1e7;

/** Files of version 1 have a list. */
const spread: Schema<number[]> = v.pipe(
  v.object({ dim: count, spread: count, others: v.array(count) }),
  v.check(
    ({ dim, spread }) => spread <= dim && dim <= mostCoordinates,
    'there are more recorded coordinates than parameters',
  ),
  v.transform((value) => spreadOut(value)),
);

export const layoutSchema: Schema<StepLayout> = v.pipe(
  v.object({
    dim: count,
    coordinates: v.union([list, spread]),
    stateNames: v.array(v.picklist(recordedStates)),
    extras: v.array(
      oneOf<ExtraName>({
        beta: true,
        phase: true,
        age: true,
        lossScale: true,
        underflow: true,
        overflow: true,
        watched: true,
        bestWatched: true,
        muProduct: true,
        stability: true,
        rebound: true,
      }),
    ),
    maximizes: v.exactOptional(v.literal(true)),
    bands: v.exactOptional(v.array(v.picklist(bandQuantities))),
    blocks: v.exactOptional(v.pipe(count, v.minValue(1), v.maxValue(64))),
    groups: v.exactOptional(v.pipe(v.array(count), v.minLength(3), v.maxLength(mostGroups + 1))),
  }),
  v.check(
    ({ dim, coordinates }) => coordinates.every((c) => Number.isInteger(c) && c >= 0 && c < dim),
    'a recorded coordinate lies outside the parameters',
  ),
  v.check(
    ({ dim, groups = [0, dim] }) =>
      groups[0] === 0 &&
      groups.at(-1) === dim &&
      groups.every((start, g) => g === 0 || start > groups[g - 1]!),
    'the groups of coordinates do not follow each other',
  ),
);

const stopReason = oneOf<StopReason>({
  steps: true,
  tolerance: true,
  earlyStopping: true,
  nonFinite: true,
  user: true,
  timeout: true,
  error: true,
});

const fixOutcome: Schema<FixOutcome> = v.object({
  loss: number,
  bestLoss: number,
  steps: count,
  stopped: stopReason,
});

const meaning: Schema<EditMeaning> = v.union([
  v.object({ kind: v.picklist(['same', 'smooth', 'units']) }),
  v.object({ kind: v.literal('guard'), otherwise: text }),
]);
const fixBase = {
  id: text,
  title: text,
  verified: v.nullable(v.object({ before: fixOutcome, after: fixOutcome })),
  words: v.exactOptional(
    v.object({
      label: text,
      loss: v.optional(text, 'loss'),
      reached: text,
      t: count,
      now: text,
      limit: v.exactOptional(text),
    }),
  ),
};
const fix: Schema<Fix> = v.union([
  v.object({ ...fixBase, patch }),
  v.object({ ...fixBase, edit: v.object({ location, before: text, after: text, meaning }) }),
]);

const operation = { location, expression: text };
const resultName: Schema<ResultName> = v.picklist([
  'sum',
  'product',
  'quotient',
  'power',
  'exponential',
  'result',
]);
const nonFiniteCause: Schema<NonFiniteCause> = v.union([
  v.object({ kind: v.picklist(['logarithm-of-0', 'division-by-0']), underflow: v.nullable(resultName) }),
  v.object({ kind: v.literal('overflow'), of: resultName }),
]);
const origin: Schema<Origin> = v.union([
  v.object({
    ...operation,
    kind: v.picklist(['non-finite-value', 'non-finite-derivative']),
    inputs: v.array(v.union([number, text])),
    result: number,
    cause: v.exactOptional(nonFiniteCause),
  }),
  v.object({ ...operation, kind: v.literal('cut-derivative') }),
  v.object({ ...operation, kind: v.literal('lost-derivative') }),
  v.object({ ...operation, kind: v.literal('saturated') }),
  v.object({
    ...operation,
    kind: v.literal('non-finite-datum'),
    role: v.picklist(['made-by', 'enters-in', 'variable']),
    inputs: v.array(v.union([number, text])),
    datum: text,
    variable: location,
    value: text,
    others: count,
    isCounted: v.boolean(),
    sample: v.nullable(count),
  }),
]);

const finding: Schema<Finding> = v.object({
  id: text,
  code: v.picklist(Object.keys(catalogue) as DiagnosisCode[]),
  severity: oneOf<Severity>({ error: true, warning: true, info: true }),
  headline: text,
  detail: text,
  advice: text,
  steps: v.tuple([count, count]),
  coordinates: v.union([v.array(count), v.pipe(list, v.array(count))]),
  evidence: v.record(text, v.union([number, text])),
  subject: v.nullable(
    v.union([
      v.object({ kind: v.literal('option'), path: texts }),
      v.object({ kind: v.literal('parameter'), index: count }),
    ]),
  ),
  origin: v.nullable(origin),
  location: v.nullable(location),
  fixes: v.array(fix),
});

const problem: Schema<LossProblem> = v.object({
  code: v.picklist(problemCodes),
  severity: v.picklist(['error', 'warning']),
  message: text,
  location,
  replacement: v.exactOptional(text),
  stack: v.exactOptional(text),
});

const verdict: Schema<Verdict> = v.object({
  kind: v.picklist(verdictKinds),
  headline: text,
  detail: text,
  certainty: number,
  evidence: v.record(text, v.union([number, text])),
  isBestLucky: v.exactOptional(v.literal(true)),
  fixes: v.array(fix),
});

const outcome: Schema<OutcomeMessage> = v.object({
  steps: count,
  stopped: stopReason,
  final: v.object({ params: vector, loss: number, gradNorm: number }),
  best: v.object({ params: vector, loss: number, t: count }),
  verdict,
});

const lossAt = v.object({ loss: number, t: count });
const expectation: Schema<ExpectationResult> = v.object({
  met: v.boolean(),
  reached: v.nullable(lossAt),
  metAt: v.nullable(count),
  meanOf: v.exactOptional(count),
});

/** The members of a record as JSON, without the start. */
export const recordSchema: Schema<Omit<RunRecord, 'start'>> = v.object({
  id: v.pipe(text, v.check(isRunId, 'the id is not one of a run')),
  startedAt: v.number(),
  name: v.nullable(text),
  isPinned: v.boolean(),
  sweep: v.exactOptional(text),
  isTest: v.exactOptional(v.literal(true)),
  source,
  lossText: text,
  config,
  overrides: patch,
  status: oneOf<RunStatus>({
    queued: true,
    loading: true,
    running: true,
    paused: true,
    finished: true,
    failed: true,
    interrupted: true,
  }),
  layout: v.nullable(layoutSchema),
  gradientMode: v.nullable(v.picklist(gradientMethods)),
  environment: v.exactOptional(
    v.object({
      interpreter: text,
      foundBy: text,
      version: text,
      packages: v.record(text, text),
      device: text,
      gradientBy: v.nullable(text),
    }),
  ),
  differenceAccuracy: v.exactOptional(v.object({ error: v.nullable(number), noise: number })),
  findings: v.array(finding),
  verification: oneOf<VerificationStatus>({ none: true, running: true, done: true, off: true }),
  steps: count,
  stopped: v.nullable(stopReason),
  outcome: v.nullable(outcome),
  expectation: v.nullable(expectation),
  problems: v.array(problem),
  lrChanges: v.array(v.tuple([count, number])),
  interventions: v.exactOptional(
    v.array(
      v.object({
        t: count,
        target: v.picklist(['params', ...recordedStates]),
        coordinate: count,
        value: number,
      }),
    ),
  ),
  fork: v.exactOptional(v.object({ of: text, at: count })),
  elapsedMs: v.number(),
});
