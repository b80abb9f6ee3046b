/**
 * Losses in the style of other people's code, as the product differentiates them: the rewritten loss on plain numbers, the
 * tape, and what a run uses, each over the plain value. Every loss has a process of its own, as every run has, because the
 * engine specializes code for what it has seen. The contestants take turns; of the ratios of the rounds the median counts.
 *
 * An argument limits the losses to those whose name contains it; `--profile` runs the gradient of one alone for five seconds.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tape } from '../../src/autodiff/tape';
import { tracedObjective } from '../../src/autodiff/tracedObjective';
import { resolveConfig } from '../../src/core/config/resolve';
import type { EvaluationContext, Objective } from '../../src/core/objective';
import { ModuleImporter } from '../../src/loss/providers/javascript/moduleImporter';
import { loadRewritten } from '../../src/loss/providers/javascript/programs/rewrittenLoss';
import type { JavascriptSource } from '../../src/loss/source';
import { type ForeignLoss, foreignLosses } from './foreignLosses';
import { median, report } from './report';

const rounds = 11;
/** Nanoseconds that a contestant's turn takes, about. */
const turn = 2e7;

type WithGradient = (params: ArrayLike<number>, grad: Float64Array) => number;

interface Loaded {
  readonly params: Float64Array;
  readonly plain: () => number;
  readonly rewritten: () => number;
  readonly traced: () => number;
  readonly exact: () => number;
  readonly byHand: (() => number) | null;
  readonly grad: Float64Array;
}

const noContext: EvaluationContext = { step: 1, epoch: 0, indices: [], random: () => 0.5 };
const open = () => noContext;

function sourceOf(file: string): JavascriptSource {
  return {
    language: 'javascript',
    file,
    exportName: 'loss',
    lossName: 'loss',
    location: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
    parameterName: null,
    form: { vector: { kind: 'array' }, context: 'unless-one' },
    startExport: 'start',
    gradient: null,
    validation: null,
    texts: [],
  };
}

function synchronous(objective: Objective, params: Float64Array, grad: Float64Array): () => number {
  return () => {
    const value = objective.valueAndGradient(params, grad, open);
    if (typeof value !== 'number') throw new Error('the loss is asynchronous');
    return value;
  };
}

async function load(loss: ForeignLoss, directory: string): Promise<Loaded> {
  const source = sourceOf(path.join(__dirname, '../../../test/bench/foreign', loss.file));
  const context = {
    directory,
    cache: null,
    enter() {},
    leave() {},
    silence: () => () => {},
    report() {},
    onGradientMethod() {},
    isSilent: () => false,
    isBeside: false,
    onProcess() {},
    onEnvironment() {},
    onDifferenceAccuracy() {},
  };
  const importer = new ModuleImporter(source, context);
  const { exports } = await importer.import();
  const params = Float64Array.from(exports.start as number[]);
  const { config } = resolveConfig([{ start: [...params] }]);
  const rewritten = await loadRewritten(importer, source, config, context);
  const grad = new Float64Array(params.length);
  const traced = tracedObjective(rewritten.traced(params.length));
  const plain = exports.loss as (params: number[]) => number;
  const byHand = exports.byHand as WithGradient | undefined;
  return {
    params,
    plain: () => plain(Array.from(params)),
    rewritten: () => traced.value(params, open) as number,
    traced: synchronous(traced, params, grad),
    exact: synchronous(rewritten.objective(params.length), params, grad),
    byHand: byHand ? () => byHand(Array.from(params), grad) : null,
    grad,
  };
}

/** @throws if a value differs from the plain one, or a gradient from central differences in a direction */
function check({ params, plain, rewritten, traced, exact, byHand, grad }: Loaded): void {
  const value = plain();
  if (!Object.is(rewritten(), value) || !Object.is(traced(), value))
    throw new Error('the rewriting changes the value');
  const direction = params.map((_, k) => Math.sin(1.9 * k + 0.7));
  const at = params.slice();
  const along = (h: number) => {
    for (const [k, each] of direction.entries()) params[k] = at[k]! + h * each;
    return plain();
  };
  const h = 1e-5;
  const slope = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h);
  params.set(at);
  for (const gradient of [traced, exact, ...(byHand ? [byHand] : [])]) {
    gradient();
    const found = grad.reduce((sum, each, k) => sum + each * direction[k]!, 0);
    const scale = Math.max(Math.hypot(...grad), Math.abs(value));
    if (!(Math.abs(found - slope) <= 1e-6 * scale)) throw new Error(`the slope is ${found}, not ${slope}`);
  }
}

let sink = 0;

/** @returns nanoseconds of processor time for each of `count` evaluations; other processes do not count */
function timed(evaluate: () => number, count: number): number {
  const start = process.cpuUsage();
  for (let k = 0; k < count; k++) sink += evaluate();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1e3) / count;
}

function race(loss: ForeignLoss, loaded: Loaded): void {
  const { plain, rewritten, traced, exact, byHand } = loaded;
  const contestants = [plain, exact, traced, rewritten, ...(byHand ? [byHand] : [])];
  const counts = contestants.map(() => 5);
  const times: number[][] = contestants.map(() => []);
  for (let round = -4; round < rounds; round++)
    for (const [k, evaluate] of contestants.entries()) {
      const time = timed(evaluate, counts[k]!);
      counts[k] = Math.max(1, Math.min(Math.ceil(turn / Math.max(time, 1)), 4 * counts[k]!));
      if (round >= 0) times[k]!.push(time);
    }
  const ratio = (k: number, to: number) => median(times[k]!.map((time, round) => time / times[to]![round]!));
  report(`${loss.name}: value`, median(times[0]!), 'ns');
  report(`${loss.name}: rewritten value over value`, ratio(3, 0), 'ratio', { atMost: loss.valueAtMost });
  report(`${loss.name}: tape over value`, ratio(2, 0), 'ratio');
  report(`${loss.name}: value and gradient over value`, ratio(1, 0), 'ratio', { atMost: loss.atMost });
  if (loss.byHandAtMost !== undefined)
    report(`${loss.name}: value and gradient over by hand`, ratio(1, 4), 'ratio', {
      atMost: loss.byHandAtMost,
    });
  traced();
  report(`${loss.name}: bytes of the tape`, tape.bytes, 'bytes');
}

async function measure(loss: ForeignLoss, isProfiled: boolean): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
  try {
    const loaded = await load(loss, directory);
    check(loaded);
    if (isProfiled) for (const until = performance.now() + 5000; performance.now() < until; ) loaded.exact();
    else race(loss, loaded);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const [only, mode] = process.argv.slice(2);
  const exactly = foreignLosses.find(({ name }) => name === only);
  if (exactly) {
    await measure(exactly, mode === '--profile');
    return;
  }
  for (const { name } of foreignLosses.filter((loss) => loss.name.includes(only ?? ''))) {
    const { status } = spawnSync(process.execPath, [__filename, name], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${name} was not measured`);
  }
}

void main().then(() => {
  if (Number.isNaN(sink)) throw new Error('a value is not a number');
});
