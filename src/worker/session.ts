import { batchesOf } from '../core/batches';
import { optionsOf } from '../core/config/resolve';
import type { RunConfig } from '../core/config/runConfig';
import { contextAt } from '../core/context';
import { Diagnosis } from '../core/diagnosis/diagnose';
import type { Objective } from '../core/objective';
import { optimizers } from '../core/optimizers/registry';
import { type RunOutcome, run } from '../core/run';
import { recordedCoordinates, recordLength, type StepLayout, writeRecord } from '../core/trace/layout';
import { checkedValue, objectiveOf, type UserLoss, WrongResultError } from '../loss/objective';
import { ControlWorker } from '../protocol/control';
import { createRing, RingWriter } from '../protocol/stepRing';
import type {
  Job,
  LossProblem,
  LossSource,
  OutcomeMessage,
  WorkerEvent,
  WorkerStart,
} from '../protocol/worker';
import { installBoundedConsole } from './boundedConsole';
import { ForbiddenCallError } from './guards';
import {
  exported,
  exportedFunction,
  JobFailure,
  type LoadedModule,
  type Locate,
  loadModule,
  sentenceOf,
} from './loadedLoss';

const ringBytes = 4 * 2 ** 20;

type Post = (event: WorkerEvent) => void;

/** Does the job of a worker thread and tells of it by events; never rejects for anything that the user's code does. */
export async function perform(start: WorkerStart, post: Post): Promise<void> {
  const { source, job } = start;
  const control = new ControlWorker(start.control);
  let locate: Locate = () => null;
  watchConsole(source, post, (error) => locate(error));
  const failLate = (error: unknown) =>
    post({ type: 'failed', problems: [problemOf(error, source, locate)], outcome: null });
  process.on('uncaughtException', failLate);
  process.on('unhandledRejection', failLate);
  try {
    const module = await loadModule(source, start.directory, control);
    locate = module.locate;
    const user = userLoss(module, source, job.config, control);
    await jobs[job.kind]({ source, module, user, control, post }, job as never);
  } catch (error) {
    const problems = error instanceof JobFailure ? error.problems : [problemOf(error, source, locate)];
    post({ type: 'failed', problems, outcome: null });
  }
}

interface Setting {
  readonly source: LossSource;
  readonly module: LoadedModule;
  readonly user: UserLoss;
  readonly control: ControlWorker;
  readonly post: Post;
}

type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;

const jobs: { readonly [K in Job['kind']]: (setting: Setting, job: JobOf<K>) => Promise<void> } = {
  run: runLoss,
  gradient: evaluateGradient,
  grid: evaluateGrid,
};

async function runLoss(setting: Setting, job: JobOf<'run'>): Promise<void> {
  const { source, module, user, control, post } = setting;
  const { config } = job;
  const start = startOf(setting, config);
  const objective = objectiveOf(user, start.length);
  const stateNames = optimizers[config.optimizer.name].stateNames(optionsOf(config.optimizer));
  const layout: StepLayout = {
    dim: start.length,
    coordinates: recordedCoordinates(start.length, stateNames.length, config.steps, job.recordBudget),
    stateNames,
  };
  const ring = createRing(recordLength(layout), ringBytes);
  const writer = new RingWriter(ring);
  const { stepsPerEpoch } = batchesOf(config.samples, config.batch, config.seed);
  const diagnosis = new Diagnosis({ config, dim: start.length, stepsPerEpoch });
  let told = diagnosis.version;
  const tellFindings = () => {
    if (diagnosis.version === told) return;
    told = diagnosis.version;
    post({ type: 'findings', findings: diagnosis.findings });
  };
  const validation =
    config.validation === null
      ? null
      : checkedValue(user, config.validation, exportedFunction(module, config.validation, source));

  post({
    type: 'loaded',
    start: [...start],
    layout,
    gradientMode: objective.gradientMode,
    ring,
    texts: module.texts,
  });
  const outcome = await run({
    objective,
    start,
    config,
    validation,
    control,
    observer: {
      onStep(step) {
        writeRecord(layout, step, writer.data, writer.next());
        writer.publish();
        diagnosis.onStep(step);
        tellFindings();
      },
      onEpoch: (epoch) => post({ type: 'epoch', ...epoch }),
    },
  });
  diagnosis.finish(outcome);
  tellFindings();
  const message = outcomeMessage(outcome);
  if (outcome.stopped === 'error') {
    const problem = problemOf(outcome.error, source, module.locate, outcome.steps + 1);
    post({ type: 'failed', problems: [problem], outcome: message });
  } else post({ type: 'done', outcome: message });
}

async function evaluateGradient({ user, post }: Setting, job: JobOf<'gradient'>): Promise<void> {
  const at = Float64Array.from(job.at);
  const objective = objectiveOf(user, at.length);
  const grad = new Float64Array(at.length);
  const value = await objective.valueAndGradient(at, grad, fullContext(job.config));
  post({ type: 'gradient', value, grad, gradientMode: objective.gradientMode });
}

async function evaluateGrid({ user, post }: Setting, job: JobOf<'grid'>): Promise<void> {
  const { x, y, columns, rows } = job;
  const objective: Objective = objectiveOf(user, 2);
  const open = fullContext(job.config);
  const values = new Float64Array(columns * rows);
  const point = new Float64Array(2);
  for (let j = 0; j < rows; j++) {
    point[1] = y[0] + ((y[1] - y[0]) * j) / (rows - 1);
    for (let i = 0; i < columns; i++) {
      point[0] = x[0] + ((x[1] - x[0]) * i) / (columns - 1);
      try {
        values[j * columns + i] = await objective.value(point, open);
      } catch {
        // A loss may be undefined away from the path: that is a hole in the picture, not an error.
        values[j * columns + i] = Number.NaN;
      }
    }
  }
  post({ type: 'grid', values });
}

/** What the first step sees, on all samples. */
function fullContext(config: RunConfig) {
  const batches = batchesOf(config.samples, config.batch, config.seed);
  return contextAt(config.seed, batches, 1, batches.all);
}

function userLoss(
  module: LoadedModule,
  source: LossSource,
  config: RunConfig,
  control: ControlWorker,
): UserLoss {
  const mode = config.gradientMode;
  const usesProvided = source.gradientExport !== null && (mode === 'auto' || mode === 'provided');
  if (mode === 'provided' && source.gradientExport === null)
    throw fail(source, 'no-gradient', `${source.lossName} provides no gradient: name it with @gradient`);
  if (mode === 'exact')
    throw fail(
      source,
      'no-exact-gradient',
      'exact gradients cannot be made yet: use gradientMode auto, provided or finite-difference',
    );
  return {
    name: source.lossName,
    loss: exportedFunction(module, source.exportName, source),
    gradient: usesProvided
      ? { name: source.gradientExport!, call: exportedFunction(module, source.gradientExport!, source) }
      : null,
    wantsFloat64Array: source.wantsFloat64Array,
    enter: () => control.enterUserCode(),
    leave: () => control.leaveUserCode(),
  };
}

/** theta_0: what the config says, else the module's `<name>Start`. */
function startOf({ source, module }: Setting, config: RunConfig): Float64Array {
  if (config.start) return Float64Array.from(config.start);
  const given = source.startExport === null ? undefined : exported(module, source.startExport);
  if (given === undefined)
    throw fail(
      source,
      'no-start',
      `where to start is not known: write @start [0, 0] above ${source.lossName}`,
    );
  const isList = Array.isArray(given) || given instanceof Float64Array;
  const start = isList ? Float64Array.from(given as number[]) : new Float64Array(0);
  if (start.length === 0 || start.some((value) => !Number.isFinite(value)))
    throw fail(source, 'bad-start', `${source.startExport} must be a list of finite numbers`);
  if (config.names && config.names.length !== start.length)
    throw fail(
      source,
      'bad-names',
      `@names gives ${config.names.length} names, ${source.startExport} has ${start.length} coordinates`,
    );
  return start;
}

function fail(source: LossSource, code: string, message: string): JobFailure {
  return new JobFailure([{ code, severity: 'error', message, location: source.location }]);
}

/** What the user's code threw, in one sentence and at its line, or at the loss's name if it has none. */
function problemOf(error: unknown, source: LossSource, locate: Locate, step?: number): LossProblem {
  const place = error instanceof WrongResultError ? null : locate(error);
  const when = step === undefined ? '' : ` at step ${step}`;
  const [code, message] =
    error instanceof WrongResultError
      ? ['wrong-result', `${error.message}${when && ` (${when.trim()})`}`]
      : error instanceof ForbiddenCallError
        ? ['forbidden-call', error.message]
        : ['loss-threw', `${source.lossName} failed${when}: ${sentenceOf(error)}`];
  return { code, severity: 'error', message, ...(place ?? { location: source.location }) };
}

function outcomeMessage({ steps, stopped, final, best }: RunOutcome): OutcomeMessage {
  return { steps, stopped, final, best };
}

function watchConsole(source: LossSource, post: Post, locate: Locate): void {
  installBoundedConsole({
    line: (text) => post({ type: 'console', lines: [text] }),
    flooded(limit) {
      const place = locate(new Error('console'));
      post({
        type: 'warning',
        problem: {
          code: 'console-flood',
          severity: 'warning',
          message: `${source.lossName} wrote more than ${limit} lines to the console; the rest is dropped`,
          location: place?.location ?? source.location,
        },
      });
    },
  });
}
