import { batchesOf } from '../../../../src/core/batches';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../../../src/core/config/runConfig';
import { contextAt } from '../../../../src/core/context';
import { coordinateNames } from '../../../../src/core/coordinates/coordinateNames';
import { Diagnosis } from '../../../../src/core/diagnosis/diagnose';
import type { Finding } from '../../../../src/core/diagnosis/finding';
import { EndWatch } from '../../../../src/core/ending/endWatch';
import { Measurements } from '../../../../src/core/measurements';
import { together } from '../../../../src/core/observers';
import { run } from '../../../../src/core/runLoop';
import { BandRecorder } from '../../../../src/core/trace/bandRecorder';
import {
  bandOffset,
  layoutOf,
  recordLength,
  type StepLayout,
  writeRecord,
} from '../../../../src/core/trace/layout';
import { RankingRecorder } from '../../../../src/core/trace/rankingRecorder';
import type { VectorSample } from '../../../../src/core/trace/vectorSample';
import type { StepView } from '../../../../src/core/update';
import { verdictOf } from '../../../../src/core/verdict/verdictOf';
import type { Verification } from '../../../../src/core/verify/verification';
import { verifyFixes } from '../../../../src/core/verify/verifyFixes';
import type { OutcomeMessage } from '../../../../src/protocol/worker';
import { type Loss, objectiveOf } from './losses';

/** The name of the parameter in the losses. */
export const parameterName = 'theta';

const recordBudget = 128 * 2 ** 20;

/** A run of the core that has ended, with all that it reported. */
export interface RecordedRun {
  readonly loss: Loss;
  readonly config: RunConfig;
  readonly start: readonly number[];
  readonly layout: StepLayout;
  /** All records in sequence, `recordLength(layout)` numbers each. */
  readonly records: Float64Array;
  readonly samples: readonly VectorSample[];
  readonly steps: number;
  readonly outcome: OutcomeMessage;
  readonly findings: readonly Finding[];
}

/**
 * Runs a loss as the worker does.
 *
 * @param isGauged whether the diagnosis may evaluate the loss beside the path: the setting `full`, else
 * `steps`
 * @throws if the patch is invalid
 */
export async function recordRun(loss: Loss, patch: RunConfigPatch, isGauged: boolean): Promise<RecordedRun> {
  const { config, problems } = resolveConfig([patch]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const { dim } = loss;
  const objective = objectiveOf(loss);
  const start = config.start ?? Array.from({ length: dim }, (_, i) => 1 + i / dim);
  const layout = layoutOf(config, dim, recordBudget, isGauged);
  const width = recordLength(layout);
  const records = new Float64Array(width * config.steps);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
  const measurements = new Measurements();
  const diagnosis = new Diagnosis({
    config,
    dim,
    nameOf: coordinateNames(config.names, parameterName, dim),
    stepsPerEpoch: batches.stepsPerEpoch,
    measurements,
    probing: isGauged ? { objective, open, indicesOf: batches.indicesOf } : null,
  });
  const watch = new EndWatch({
    config,
    batches,
    isContextual: false,
    objective: isGauged ? objective : null,
  });
  let steps = 0;
  const bands = layout.bands ? new BandRecorder(layout, config) : null;
  const ranks = layout.bands ? new RankingRecorder(layout, config) : null;
  const samples: VectorSample[] = [];
  const record = (step: StepView) => {
    const offset = width * steps++;
    writeRecord(layout, step, records, offset, measurements);
    bands?.write(step, records, offset + bandOffset(layout));
    ranks?.add(step);
    if (bands?.isDue(step.t))
      samples.push({
        t: step.t,
        ranking: ranks?.ranking(step) ?? null,
        blocks: bands.blocks,
        ...(layout.groups && { groups: bands.groups }),
      });
  };
  const ended = await run({
    objective,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: together([{ afterStep: record }, watch, diagnosis]),
  });
  const end = await watch.end(ended, diagnosis.isLossReliable);
  diagnosis.finish(ended, end);
  const outcome = { ...ended, verdict: verdictOf(end, ended, diagnosis.findings) };
  return { loss, config, start, layout, records, samples, steps, outcome, findings: diagnosis.findings };
}

/** Tries the fixes of the findings, as the host does once a run has ended. */
export function verified(
  { loss, config, start, findings }: RecordedRun,
  looksAround: boolean,
): Promise<Verification> {
  return verifyFixes(
    {
      start: Float64Array.from(start),
      validation: null,
      isContextual: false,
      nameOf: coordinateNames(config.names, parameterName, loss.dim),
      looksAround,
      objective: async () => objectiveOf(loss),
      beside: (objective) => objective,
      checked: async (objective) => objective,
      edited: async () => null,
      editsAgainst: () => [],
      progress: { went: () => true },
      known: () => {},
      search: null,
    },
    config,
    findings,
  );
}
