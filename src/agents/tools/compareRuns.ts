import * as v from 'valibot';
import { configDifferences } from '../../core/config/configDifferences';
import { formatNumber } from '../../core/numerics/format';
import { firstDifferencesOfRuns, roundingTolerance } from '../../runs/compare/firstDifferencesOfRuns';
import { quantityName } from '../../runs/quantityName';
import type { Run } from '../../runs/run';
import { runInMemory } from '../../runs/runInMemory';
import { agentTool } from '../agentTool';
import { anyNumber } from '../jsonValues';
import { measured, measuredOf } from '../measured';
import { ToolProblem } from '../toolProblem';
import { runInput } from './inputs';

const listed = 40;
const shownAtMost = 200;

const input = v.strictObject({ a: runInput, b: runInput });

const side = v.object({
  run: v.string(),
  verdict: v.nullable(v.string()),
  finalLoss: v.nullable(anyNumber),
  bestLoss: v.nullable(anyNumber),
  measured,
});

const output = v.object({
  configuration: v.pipe(
    v.array(v.object({ option: v.string(), a: v.unknown(), b: v.unknown() })),
    v.description('the options that differ'),
  ),
  isSameSource: v.boolean(),
  compared: v.pipe(v.number(), v.description('the number of steps that both contain')),
  tolerance: v.number(),
  first: v.pipe(
    v.array(v.object({ step: v.number(), quantity: v.string(), a: anyNumber, b: anyNumber })),
    v.description(`where each quantity first differs by more than rounding, the first ${listed} at most`),
  ),
  a: side,
  b: side,
});

export const compareRuns = agentTool({
  title: 'Compare runs',
  description:
    'Compares two runs: the options that differ, and the first step at which each recorded quantity differs by more than rounding. Runs no code.',
  input,
  output,
  running: null,
  async call({ a: referenceA, b: referenceB }, { runs }) {
    const [a, b] = [await runs.find(referenceA), await runs.find(referenceB)];
    const { first, compared } = await firstDifferencesOfRuns(
      inMemory(a, referenceA),
      inMemory(b, referenceB),
    );
    if (compared === null)
      throw new ToolProblem(
        `${referenceA} has ${a.dim} parameters and ${referenceB} has ${b.dim}: only runs of equal dimension can be compared`,
      );
    const configuration = configDifferences(a.record.config, b.record.config);
    const isSameSource = JSON.stringify(a.record.source.texts) === JSON.stringify(b.record.source.texts);
    const [earliest] = first;
    return {
      text: [
        configuration.length === 0
          ? 'The configurations are equal.'
          : `Different options: ${configuration
              .map(({ path }) => path)
              .slice(0, 8)
              .join(', ')}.`,
        ...(isSameSource ? [] : ['The source texts differ.']),
        earliest
          ? `The first difference is at step ${earliest.t}, in ${quantityName(earliest, a.record)}: ${formatNumber(earliest.a, 6)} and ${formatNumber(earliest.b, 6)}.`
          : `The ${compared} steps that both contain agree.`,
        `Final loss: ${[a, b].map(finalWords).join(' and ')}.`,
      ].join(' '),
      content: {
        configuration: configuration.map(({ path, a: ofA, b: ofB }) => ({
          option: path,
          a: shortened(ofA),
          b: shortened(ofB),
        })),
        isSameSource,
        compared,
        tolerance: roundingTolerance,
        first: first.slice(0, listed).map((difference) => ({
          step: difference.t,
          quantity: quantityName(difference, a.record),
          a: difference.a,
          b: difference.b,
        })),
        a: sideOf(a, referenceA),
        b: sideOf(b, referenceB),
      },
    };
  },
});

function inMemory(run: Run, reference: string) {
  const found = runInMemory(run, reference);
  if (!found) throw new ToolProblem(`${reference} has no steps that can be compared`);
  return found;
}

function sideOf(run: Run, reference: string): v.InferInput<typeof side> {
  const { outcome } = run.record;
  return {
    run: reference,
    verdict: run.verdict?.headline ?? null,
    finalLoss: outcome?.final.loss ?? null,
    bestLoss: outcome?.best.loss ?? null,
    measured: measuredOf(run),
  };
}

function finalWords({ record: { outcome } }: Run): string {
  return outcome ? formatNumber(outcome.final.loss, 6) : 'not known';
}

/** Long lists, such as a start, are cut. */
function shortened(value: unknown): unknown {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > shownAtMost ? `${text.slice(0, shownAtMost - 1)}…` : value;
}
