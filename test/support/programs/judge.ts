import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { generateAdjoint } from '../../../src/autodiff/adjoint/generateAdjoint';
import { evaluate } from '../../../src/autodiff/evaluation';
import { runtimeKey } from '../../../src/autodiff/instrument/runtimeImport';
import { Refusal, type RefusalCode } from '../../../src/autodiff/refusal';
import { $ } from '../../../src/autodiff/runtime';
import { numberOf, parameter, Traced } from '../../../src/autodiff/traced';
import { gradientInto } from '../../../src/autodiff/tracedObjective';
import { seededRandom } from '../../../src/core/numerics/random';
import { LineMap } from '../../../src/loss/places/lineMap';
import { instrumentation } from '../../../src/loss/providers/javascript/load/instrumentation';
import { link } from '../../../src/loss/providers/javascript/load/link';
import type { MorePasses } from '../../../src/loss/providers/javascript/load/morePasses';
import { parseModule } from '../../../src/loss/providers/javascript/load/parseModule';
import { runDual } from '../../unit/autodiff/support/dualInterpreter';
import { distance } from '../../unit/autodiff/support/generated';
import { type Exports, load, Workspace } from '../../unit/loss/workspace';
import { type Language, print } from './layout';
import type { Piece } from './pieces';
import { randomProgram, type Style } from './writer';

type Log = (...values: unknown[]) => unknown;
type Main = (params: unknown[], log: Log) => unknown;

/** What a call gives or throws, and what it logs on the way. */
interface Outcome {
  readonly text: string;
  /** Of a call with traced parameters that gives a number. */
  readonly gradient: Float64Array | null;
  readonly refused: RefusalCode | null;
}

/** What was found in one batch of programs. */
export interface Verdict {
  /** Programs in one layout. */
  programs: number;
  /** Of those, exact gradients that were compared, those compared with a generated adjoint, and with dual numbers. */
  gradients: number;
  adjoints: number;
  duals: number;
  refused: Partial<Record<RefusalCode, number>>;
  differences: string[];
}

export interface Batch {
  readonly seed: number;
  readonly style: Style;
  readonly language: Exclude<Language, 'plain'>;
  readonly programs: number;
  readonly layouts: number;
  /** Added to the rewrite, to see that a fault in it is found. */
  readonly fault?: (passes: MorePasses) => MorePasses;
}

const point = [0.7, -1.3];
const extensions = { module: 'mjs', script: 'cjs', typescript: 'ts', plain: 'mjs' } as const;

/**
 * Writes programs, prints each in several layouts, and compares: what the program does in its usual layout and in each other
 * one, as it is and rewritten, for numbers and for traced parameters; and the gradients.
 */
export async function judge(batch: Batch): Promise<Verdict> {
  const verdict: Verdict = { programs: 0, gradients: 0, adjoints: 0, duals: 0, refused: {}, differences: [] };
  const trees = Array.from({ length: batch.programs }, (_, i) =>
    randomProgram('main', batch.style, seededRandom(batch.seed, i)),
  );
  const usual = trees.map((tree) => print(tree, 'plain', seededRandom(batch.seed, 0), 0));
  const layouts = trees.map((tree, i) => layoutsOf(tree, batch, i));
  const plain = await bothWays(usual, 'plain', batch);
  const others = await bothWays(layouts.flat(), batch.language, batch);
  for (let i = 0; i < trees.length; i++) {
    const expected = outcome(plain.plain[i]!);
    const traced = evaluated(plain.rewritten[i]!, tracedNumbers);
    compare(verdict, expected, evaluated(plain.rewritten[i]!, numbers), 'rewritten', usual[i]!, batch, i);
    compareTraced(verdict, expected, traced, null, usual[i]!, batch, i);
    if (batch.style === 'smooth') compareDual(verdict, usual[i]!, traced, batch, i);
    for (const [j, text] of layouts[i]!.entries()) {
      const at = i * batch.layouts + j;
      const rewritten = others.rewritten[at]!;
      verdict.programs++;
      compare(verdict, expected, outcome(others.plain[at]!), 'layout', text, batch, i);
      compare(verdict, expected, evaluated(rewritten, numbers), 'rewritten', text, batch, i);
      compareTraced(verdict, expected, evaluated(rewritten, tracedNumbers), traced.gradient, text, batch, i);
      if (batch.style === 'smooth' && batch.language === 'module')
        compareAdjoint(verdict, text, expected, traced, batch, i);
    }
  }
  return verdict;
}

function layoutsOf(tree: readonly Piece[], { seed, language, layouts }: Batch, index: number): string[] {
  return Array.from({ length: layouts }, (_, j) => {
    const random = seededRandom(seed, 1000 + 100 * index + j);
    return print(tree, language, random, 0.2 + 0.8 * random());
  });
}

/** The functions of one module, as it is and rewritten. */
async function bothWays(texts: readonly string[], language: Language, { fault }: Batch) {
  const named = texts.map((text, i) => text.replace('main', `main${i}`));
  const names = named.map((_, i) => `main${i}`);
  const list = `{ ${names.join(', ')} }`;
  const text =
    language === 'script'
      ? `${named.join('\n')}\nmodule.exports = ${list};`
      : `${named.join('\n')}\nexport ${list};`;
  const file = `a.${extensions[language]}`;
  const workspace = new Workspace({ [file]: text });
  const folder = mkdtempSync(join(workspace.root, '.published-'));
  const functionsOf = (exports: Exports) =>
    names.map((name) => ((exports.default ?? exports) as Exports)[name] as unknown as Main);
  const passes = fault ? fault(instrumentation()) : instrumentation();
  const linked = await link(workspace.path(file), workspace, folder, passes);
  const [problem] = linked.problems;
  if (problem) {
    const at = new LineMap(file, text).offset(problem.location.line, problem.location.column);
    const [before, after] = [text.slice(Math.max(0, at - 300), at), text.slice(at, at + 80)];
    throw new Error(`${problem.message} in ${before} HERE ${after}`);
  }
  (globalThis as Record<symbol, unknown>)[Symbol.for(runtimeKey)] = $;
  const rewritten = functionsOf(await load(linked));
  const plain =
    language === 'typescript'
      ? functionsOf(await workspace.load(file))
      : functionsOf(asTheyAre(named.join('\n'), list, language));
  return { plain, rewritten };
}

/** Plain functions without the loader, whose passes are under test too. */
function asTheyAre(text: string, list: string, language: Language): Exports {
  const strict = language === 'script' ? '' : '"use strict";\n';
  return new Function(`${strict}${text}\nreturn ${list};`)() as Exports;
}

function show(value: unknown): string {
  return inspect(value, { depth: 6, compact: true, breakLength: Number.POSITIVE_INFINITY });
}

function logTo(lines: string[]): Log {
  return (...values) => {
    lines.push(values.map(show).join(' '));
    return values.at(-1);
  };
}

/** The program as it is. */
function outcome(main: Main): Outcome {
  const lines: string[] = [];
  try {
    lines.push(`gives ${show(main([...point], logTo(lines)))}`);
  } catch (error) {
    lines.push(`throws ${thrown(error)}`);
  }
  return { text: lines.join('\n'), gradient: null, refused: null };
}

/** The rewritten program, for numbers or for traced parameters. */
function evaluated(main: Main, params: () => unknown[]): Outcome {
  const lines: string[] = [];
  try {
    return evaluate(
      () => main(params(), logTo(lines)),
      (result) => {
        lines.push(`gives ${show(result instanceof Traced ? numberOf(result) : result)}`);
        return { text: lines.join('\n'), gradient: gradientOf(result), refused: null };
      },
    ) as Outcome;
  } catch (error) {
    if (error instanceof Refusal) return { text: '', gradient: null, refused: error.code };
    lines.push(`throws ${thrown(error)}`);
    return { text: lines.join('\n'), gradient: null, refused: null };
  }
}

function gradientOf(result: unknown): Float64Array | null {
  const isTraced = result instanceof Traced;
  if (typeof result !== 'number' && !isTraced) return null;
  const gradient = new Float64Array(point.length);
  gradientInto(gradient, isTraced ? result.tapeIndex : null);
  return gradient;
}

const numbers = () => [...point];
const tracedNumbers = () => point.map(parameter);

/** The engine names expressions in its own messages, and the rewrite has other expressions. */
function thrown(error: unknown): string {
  if (!(error instanceof Error)) return show(error);
  return /^(?:TypeError|ReferenceError)$/.test(error.name) ? error.name : `${error.name}: ${error.message}`;
}

function compare(
  verdict: Verdict,
  expected: Outcome,
  found: Outcome,
  what: string,
  text: string,
  batch: Batch,
  index: number,
): void {
  if (found.text !== expected.text)
    verdict.differences.push(
      `${what}, ${replay(batch, index)}:\n${text}\n--- ${found.text}\n--- instead of\n${expected.text}`,
    );
}

function compareTraced(
  verdict: Verdict,
  expected: Outcome,
  found: Outcome,
  usual: Float64Array | null,
  text: string,
  batch: Batch,
  index: number,
): void {
  if (found.refused !== null) {
    verdict.refused[found.refused] = (verdict.refused[found.refused] ?? 0) + 1;
    return;
  }
  compare(verdict, expected, found, 'traced', text, batch, index);
  if (found.gradient && usual) {
    verdict.gradients++;
    compareGradients(verdict, found.gradient, usual, 'gradient', text, batch, index);
  }
}

function compareDual(verdict: Verdict, text: string, traced: Outcome, batch: Batch, index: number): void {
  if (!traced.gradient) return;
  const { module } = parseModule(`export ${text}`, '/loss.mjs');
  let gradient: readonly number[];
  try {
    gradient = runDual(module!.program, 'main', point, {}).gradient;
  } catch (error) {
    if (/is not interpreted$/.test((error as Error).message)) return;
    throw error;
  }
  verdict.duals++;
  compareGradients(verdict, traced.gradient, gradient, 'gradient by dual numbers', text, batch, index);
}

function compareAdjoint(
  verdict: Verdict,
  text: string,
  expected: Outcome,
  traced: Outcome,
  batch: Batch,
  index: number,
): void {
  const { module } = parseModule(`export ${text}`, '/loss.mjs');
  const made = generateAdjoint(module!, 'main', point.length);
  if (made.unsupported || !traced.gradient) return;
  const script = `${text}\n${made.text}\nreturn ${made.exportName};`;
  const gradient = new Float64Array(point.length);
  const run = new Function(script)() as (
    params: number[],
    grad: Float64Array,
    context: object,
  ) => number | null;
  const value = run([...point], gradient, {});
  // The gradient depends on how ties are decided, so this program is traced.
  if (value === null) return;
  verdict.adjoints++;
  compare(
    verdict,
    expected,
    { ...expected, text: `gives ${show(value)}` },
    'value of the adjoint',
    text,
    batch,
    index,
  );
  compareGradients(verdict, gradient, traced.gradient, 'gradient of the adjoint', text, batch, index);
}

/** Not bit for bit: types and parentheses change which operations are one node of the tape. */
function compareGradients(
  verdict: Verdict,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  text: string,
  batch: Batch,
  index: number,
): void {
  const isSound = Array.from(expected).every((each) => Math.abs(each) < 1e100);
  if (isSound && distance(found, expected) > 1e-9)
    verdict.differences.push(
      `${what}, ${replay(batch, index)}: [${Array.from(found)}] instead of [${Array.from(expected)}]\n${text}`,
    );
}

function replay({ seed, style, language }: Batch, index: number): string {
  return `program ${index} of seed ${seed} (${style}, ${language})`;
}
