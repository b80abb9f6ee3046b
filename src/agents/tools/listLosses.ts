import * as v from 'valibot';
import { lineOf } from '../../core/sourceLocation';
import type { LossDeclaration } from '../../loss/declaration';
import { planRun } from '../../loss/plan';
import { agentTool } from '../agentTool';
import { anyNumber } from '../jsonValues';
import type { Roots } from '../roots';
import { valuesAtMost } from '../runSummary';
import { pathInput } from './inputs';

const input = v.strictObject({
  path: v.exactOptional(v.pipe(pathInput, v.description('a file or a folder; absent: the whole workspace'))),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 100),
});

const loss = v.object({
  loss: v.pipe(v.string(), v.description('FILE#NAME: names the loss in run_loss')),
  cell: v.exactOptional(v.number()),
  line: v.number(),
  dim: v.nullable(v.number()),
  start: v.nullable(v.array(anyNumber)),
  isStartKnown: v.pipe(v.boolean(), v.description('false: run_loss needs start in its configuration')),
  optimizer: v.string(),
  lr: anyNumber,
  steps: v.number(),
  problems: v.array(v.string()),
});

const output = v.object({
  losses: v.array(loss),
  found: v.pipe(v.number(), v.description('all losses, also those beyond the limit')),
  unreadable: v.array(v.string()),
});

export const listLosses = agentTool({
  title: 'List losses',
  description:
    'Lists the loss functions of the workspace that Adamscope can run, with their start, optimizer and number of steps. Reads files, runs no code.',
  input,
  output,
  running: null,
  async call({ path, limit }, { workplace, signal }) {
    const { roots } = workplace;
    const { losses: all, unreadable } = await workplace.losses(
      path === undefined ? null : roots.resolve(path),
      signal,
    );
    // A file may re-export a loss of a file that is outside.
    const losses = all.filter(({ file }) => roots.holds(file));
    const shown = losses.slice(0, limit).map((each) => described(each, roots));
    const count = `${losses.length} ${losses.length === 1 ? 'loss' : 'losses'}`;
    return {
      text:
        losses.length > limit ? `Found ${count}, of which the first ${limit} are listed.` : `Found ${count}.`,
      content: { losses: shown, found: losses.length, unreadable: [...unreadable] },
    };
  },
});

function described(declaration: LossDeclaration, roots: Roots): v.InferInput<typeof loss> {
  const { config, startKnown, problems } = planRun(declaration, { below: [], above: [] });
  const { start, optimizer, steps } = config;
  return {
    loss: `${roots.display(declaration.file)}#${declaration.name}`,
    ...lineOf(declaration.location),
    dim: declaration.dim ?? start?.length ?? null,
    start: start?.slice(0, valuesAtMost) ?? null,
    isStartKnown: startKnown,
    optimizer: optimizer.name,
    lr: optimizer.lr as number,
    steps,
    problems: problems.map(({ severity, message }) => `${severity}: ${message}`),
  };
}
