import * as v from 'valibot';
import type { Run } from '../../runs/run';
import { agentTool } from '../agentTool';
import { noteCut } from '../measured';
import { orderOf, problemSentence } from '../order';
import { runSummary, summaryOf, summaryText } from '../runSummary';
import { ToolProblem } from '../toolProblem';
import { configurationInput, lossAddress, lossInput } from './inputs';

const input = v.strictObject({
  loss: lossInput,
  configuration: v.optional(configurationInput, {}),
  maxSteps: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(10_000_000),
      v.description('a run with more steps is configured with this number instead'),
    ),
    100_000,
  ),
  maxSeconds: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0.1),
      v.maxValue(600),
      v.description('a run that takes longer is ended; many clients give up after 60 s without progress'),
    ),
    50,
  ),
});

export const runLoss = agentTool({
  title: 'Run a loss',
  description:
    'Runs an optimizer on a loss function of the workspace and diagnoses the run: verdict, final and best loss, findings with their places, proposed fixes (not yet tried: use verify_fix). Executes the code of the loss.',
  input,
  output: runSummary,
  running: ({ loss }) => `the loss ${loss} with everything that it imports`,
  async call({ loss, configuration, maxSteps, maxSeconds }, { workplace, signal, progress }) {
    const { roots, runs } = workplace;
    const { file, name } = lossAddress(loss, roots);
    const declaration = await workplace.declaration(file, name);
    if (!roots.holds(declaration.file))
      throw new ToolProblem(
        `${loss} is declared in ${declaration.file}, which is outside: name a loss below the root`,
      );
    const surroundings = await workplace.surroundings(declaration);
    const asked = orderOf(declaration, surroundings, configuration, roots);
    const isShortened = asked.config.steps > maxSteps;
    const order = isShortened
      ? orderOf(declaration, surroundings, { ...withoutEpochs(configuration), steps: maxSteps }, roots)
      : asked;
    signal.throwIfAborted();
    const run = runs.start(order);
    if (isShortened) noteCut(run, 'maxSteps');
    const subscription = runs.onDidChange((change) => {
      if (change.run === run) progress(run.steps, order.config.steps);
    });
    try {
      await ended(run, maxSeconds, signal, () => void runs.stop(run.record.id));
    } finally {
      subscription.dispose();
    }
    if (signal.aborted) throw new ToolProblem(`the run was cancelled at step ${run.steps}`);
    const errors = run.record.problems.filter(({ severity }) => severity === 'error');
    if (!run.record.outcome)
      throw new ToolProblem(
        errors.length > 0
          ? problemSentence(errors, roots)
          : `${loss} made no step within ${maxSeconds} s: pass a larger maxSeconds`,
      );
    const { id } = run.record;
    return { text: summaryText(run, id), content: summaryOf(run, id, roots) };
  },
});

/** Steps and epochs replace each other. */
function withoutEpochs<T extends { readonly epochs?: unknown }>({
  epochs: _,
  ...rest
}: T): Omit<T, 'epochs'> {
  return rest;
}

/** Waits until the run has ended, which the time limit and a cancellation also do. */
async function ended(run: Run, seconds: number, signal: AbortSignal, stop: () => void): Promise<void> {
  const timer = setTimeout(() => {
    noteCut(run, 'maxSeconds');
    stop();
  }, 1000 * seconds);
  signal.addEventListener('abort', stop);
  try {
    await run.finished;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
