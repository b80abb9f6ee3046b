/**
 * Measures the time of value and gradient relative to the time of the value alone, for generated code, a
 * hand-written gradient, central differences and torch. The implementations run alternately; the result is
 * the median of the ratios over the rounds.
 */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { generateAdjoint } from '../../src/autodiff/adjoint/generateAdjoint';
import { parseModule } from '../../src/loss/providers/javascript/load/parseModule';
import { type BenchLoss, benchLosses, benchPoint } from './gradientLosses';
import { LineProcess } from './lineProcess';
import { median, report } from './report';

const rounds = 15;
/** The approximate time of an implementation in one round, in nanoseconds. */
const roundNs = 3e7;

interface Implementation {
  readonly name: string;
  /** @returns nanoseconds for `count` evaluations */
  run(count: number): Promise<number> | number;
}

type Loss = (params: Float64Array) => number;
type WithGradient = (params: Float64Array, grad: Float64Array, context: object) => number;

function functionsOf({ text, dim, name }: BenchLoss): {
  loss: Loss;
  byHand: WithGradient;
  generated: WithGradient;
} {
  const { module } = parseModule(text, '/loss.mjs');
  const generated = generateAdjoint(module!, 'loss', dim);
  if (generated.unsupported) throw new Error(`${name}: ${generated.unsupported[0]?.message}`);
  const script = `${text.replace('export ', '')}\n${generated.text}\nreturn { loss, byHand, generated: ${generated.exportName} };`;
  return new Function(script)();
}

function centralDifferences(loss: Loss): WithGradient {
  return (params, grad) => {
    for (let k = 0; k < params.length; k++) {
      const at = params[k]!;
      const h = 6e-6 * Math.max(1, Math.abs(at));
      params[k] = at + h;
      const above = loss(params);
      params[k] = at - h;
      grad[k] = (above - loss(params)) / (2 * h);
      params[k] = at;
    }
    return loss(params);
  };
}

let sink = 0;

function timed(evaluate: () => number): (count: number) => number {
  return (count) => {
    const start = performance.now();
    for (let k = 0; k < count; k++) sink += evaluate();
    return (performance.now() - start) * 1e6;
  };
}

/** @throws if a value or gradient differs from the hand-written one */
function check(name: string, gradients: ReadonlyMap<string, WithGradient>, params: Float64Array): void {
  const expected = new Float64Array(params.length);
  const value = gradients.get('by hand')!(params, expected, {});
  const scale = Math.max(...expected.map(Math.abs));
  for (const [by, gradient] of gradients) {
    const grad = new Float64Array(params.length);
    const tolerance = by === 'central differences' ? 1e-6 : 1e-11;
    if (!(Math.abs(gradient(params, grad, {}) - value) <= 1e-11 * Math.abs(value)))
      throw new Error(`${name}, ${by}: another value`);
    for (const [k, each] of grad.entries())
      if (!(Math.abs(each - expected[k]!) <= tolerance * scale))
        throw new Error(`${name}, ${by}: ${each}, not ${expected[k]} at ${k}`);
  }
}

async function measure(loss: BenchLoss, torch: LineProcess | null): Promise<void> {
  const params = Float64Array.from(benchPoint(loss.dim));
  const grad = new Float64Array(loss.dim);
  const { loss: value, byHand, generated } = functionsOf(loss);
  const gradients = new Map<string, WithGradient>([
    ['generated', generated],
    ['by hand', byHand],
    ['central differences', centralDifferences(value)],
  ]);
  check(loss.name, gradients, params);
  const implementations: Implementation[] = [{ name: 'value', run: timed(() => value(params)) }];
  for (const [name, gradient] of gradients)
    implementations.push({ name, run: timed(() => gradient(params, grad, {})) });
  if (torch) {
    const theirs = await torch.ask(`new ${loss.name}`);
    if (!(Math.abs(theirs - value(params)) <= 1e-9 * Math.abs(theirs)))
      throw new Error(`${loss.name}: torch computes ${theirs}, not ${value(params)}`);
    implementations.push({ name: 'torch', run: (count) => torch.ask(`run ${count}`) });
  }
  const counts = new Map<string, number>();
  const times = new Map<string, number[]>(implementations.map(({ name }) => [name, []]));
  // The first two rounds are a warm-up for the compilers. They also determine how many evaluations fill a
  // round.
  for (let round = -2; round < rounds; round++)
    for (const { name, run } of implementations) {
      const count = counts.get(name) ?? 20;
      const time = (await run(count)) / count;
      counts.set(name, Math.max(1, Math.ceil(roundNs / time)));
      if (round >= 0) times.get(name)!.push(time);
    }
  report(`${loss.name}: value`, median(times.get('value')!), 'ns');
  for (const { name } of implementations.slice(1)) {
    const ratio = median(times.get(name)!.map((time, round) => time / times.get('value')![round]!));
    const goal = name === 'generated' ? { atMost: loss.atMost } : undefined;
    report(`${loss.name}: value and gradient over value, ${name}`, ratio, 'ratio', goal);
  }
}

function startTorch(): LineProcess | null {
  const python = '/usr/bin/python3';
  if (spawnSync(python, ['-c', 'import torch']).status === 0)
    return new LineProcess(python, [path.join(__dirname, '../../../test/bench/gradient.py')]);
  console.error(`${python} has no torch, so there is no comparison with it.`);
  return null;
}

async function main(): Promise<void> {
  const torch = startTorch();
  for (const loss of benchLosses) await measure(loss, torch);
  torch?.end();
  if (!Number.isFinite(sink)) throw new Error('a value is not finite');
  console.error(`on ${os.cpus()[0]!.model}`);
}

void main();
