import * as v from 'valibot';
import { formatNumber } from '../../core/numerics/format';
import { type TensorColumn, tensorValue } from '../../recordings/tensorHistory';
import type { Run } from '../../runs/run';
import { agentTool } from '../agentTool';
import { anyNumber } from '../jsonValues';
import { measuredSentence } from '../measured';
import { runSummary, summaryOf, summaryText } from '../runSummary';
import { runInput } from './inputs';

const tensorsAtMost = 20;
const columns = [
  'updateRatio',
  'updateNorm',
  'gradNorm',
  'effectiveLr50',
  'epsShare',
  'snr',
] as const satisfies TensorColumn[];

const input = v.strictObject({ run: runInput });

const recording = v.object({
  optimizer: v.string(),
  groups: v.array(v.record(v.string(), v.unknown())),
  rank: v.nullable(v.object({ rank: v.number(), worldSize: v.number() })),
  tensorCount: v.number(),
  lastStep: v.nullable(v.number()),
  tensors: v.pipe(
    v.array(
      v.object({
        name: v.string(),
        shape: v.array(v.number()),
        ...(Object.fromEntries(columns.map((column) => [column, anyNumber])) as Record<
          (typeof columns)[number],
          typeof anyNumber
        >),
      }),
    ),
    v.description(
      'those with the largest updates relative to their parameters (updateRatio) at the last recorded step; effectiveLr50 is the median of lr/(sqrt(vHat) + eps), snr that of abs(mHat)/sqrt(vHat)',
    ),
  ),
});

const output = v.object({
  ...runSummary.entries,
  kind: v.picklist(['run', 'recording']),
  recording: v.nullable(recording),
});

export const openRun = agentTool({
  title: 'Open a run or a recording',
  description:
    'Opens a stored run (adamscope run --out), the recording of a training script (python -m adamscope run), or a run of this session: verdict, findings, quantities; of a recording also its tensors with the largest updates. Runs no code.',
  input,
  output,
  running: null,
  async call({ run: reference }, { workplace, runs }) {
    const run = await runs.find(reference);
    const summary = summaryOf(run, reference, workplace.roots);
    const recorded = recordingOf(run);
    return {
      text: recorded ? recordingText(run, reference, recorded) : summaryText(run, reference),
      content: {
        ...summary,
        kind: recorded ? ('recording' as const) : ('run' as const),
        recording: recorded,
      },
    };
  },
});

function recordingOf({ record, tensors: history }: Run): v.InferInput<typeof recording> | null {
  const of = record.recording;
  if (!of) return null;
  const last = history?.rows.at(-1);
  const order = !last
    ? []
    : [...of.tensors.keys()]
        .filter((i) => !Number.isNaN(tensorValue(last, i, 'updateRatio')))
        .sort((a, b) => tensorValue(last, b, 'updateRatio') - tensorValue(last, a, 'updateRatio'))
        .slice(0, tensorsAtMost);
  return {
    optimizer: of.optimizer,
    groups: of.groups.map((group) => ({ ...group })),
    rank: of.distributed && { rank: of.distributed.rank, worldSize: of.distributed.worldSize },
    tensorCount: of.tensors.length,
    lastStep: last?.t ?? null,
    tensors: order.map((i) => ({
      name: of.tensors[i]!.name,
      shape: [...of.tensors[i]!.shape],
      ...(Object.fromEntries(columns.map((column) => [column, tensorValue(last!, i, column)])) as Record<
        (typeof columns)[number],
        number
      >),
    })),
  };
}

function recordingText(run: Run, reference: string, { tensors }: v.InferInput<typeof recording>): string {
  const { findings, source } = run.record;
  const [largest] = tensors;
  return [
    `Recording ${reference} of ${source.lossName}, ${run.title}.`,
    measuredSentence(run),
    findings.length === 0
      ? 'No findings.'
      : `Findings: ${findings
          .map(({ headline }) => headline)
          .slice(0, 5)
          .join(' ')}`,
    ...(largest
      ? [
          `Largest update relative to its parameters: ${largest.name}, ${formatNumber(Number(largest.updateRatio))}.`,
        ]
      : []),
  ].join(' ');
}
