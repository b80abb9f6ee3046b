import { messageOf } from '../core/diagnosis/finding';
import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import { isReplayable } from '../recordings/spikePlan';
import type { ReplayWords } from '../recordings/spikeWords';
import { type TensorColumn, tensorColumns, tensorValue } from '../recordings/tensorHistory';
import { EvaluationError } from '../runner/evaluate';
import { replaySpikeOf } from '../runner/replaySpike';
import { type OpenedFile, openedFile } from '../runs/openedFile';
import type { Run } from '../runs/run';
import { BadInput, Interrupted } from './badInput';
import { findingLines } from './findingLines';
import { display } from './findLosses';
import { interruption, whileInterruptible } from './interruption';
import { jobs } from './jobs';
import { type LimitFlags, limitsOf } from './limits';
import { prepare, sentences } from './prepare';
import { tableText } from './tableText';

const listed = 5;
const shownColumns: readonly TensorColumn[] = [
  'updateRatio',
  'updateNorm',
  'gradNorm',
  'effectiveLr50',
  'epsShare',
  'snr',
];

interface InspectOptions extends LimitFlags {
  readonly json?: boolean;
  /** The loss that makes the steps around a spike again. */
  readonly try?: string;
}

/**
 * `adamscope inspect`: prints the findings of recordings, and the tensors that moved most at their last recorded step. With a loss, the
 * steps around the first spike are made again, and changes are tried.
 *
 * @returns the exit code: 1 if there is a warning or an error
 * @throws BadInput if a file is not the recording of a training
 */
export async function inspect(files: readonly string[], options: InspectOptions): Promise<number> {
  const { json = false } = options;
  let isSound = true;
  const printed = [];
  for (const file of files) {
    const { store, run } = await opened(file);
    await run.finished;
    isSound &&= run.record.findings.every(({ severity }) => severity === 'info');
    const replay = options.try === undefined ? null : await replayOf(file, run, options.try, options);
    if (json) printed.push(asJson(file, run, replay));
    else
      console.log(
        [headline(file, run), ...findings(run), ...replayLines(replay), ...tensors(run)].join('\n'),
      );
    await store.dispose();
  }
  if (json) console.log(toJson(printed, 2));
  return isSound ? 0 : 1;
}

async function opened(file: string): Promise<OpenedFile> {
  const found = await openedFile(file, false).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? 'there is no such file' : String(error.code ?? error.message),
  );
  if (typeof found === 'string') throw new BadInput(`${file} cannot be read: ${found}`);
  if (found.run.record.recording) return found;
  await found.store.dispose();
  throw new BadInput(`${file} is the run of a loss: use \`adamscope report\` or \`adamscope export\``);
}

/** @throws BadInput if the recording has no spike, or the loss cannot be evaluated */
async function replayOf(file: string, run: Run, loss: string, limits: LimitFlags): Promise<ReplayWords> {
  const finding = run.record.findings.find(isReplayable);
  if (!finding) throw new BadInput(`${file} has no spike of the loss that could be tried`);
  const { plan } = prepare(loss, []);
  const request = { file, finding, loss: plan, limits: limitsOf(limits) };
  try {
    const words = await whileInterruptible(replaySpikeOf(jobs, request, interruption), () => {});
    if (words) return words;
  } catch (error) {
    if (error instanceof EvaluationError && !interruption.aborted)
      throw new BadInput(sentences(error.problems));
    if (!interruption.aborted) throw error;
  }
  throw new Interrupted('the replay was stopped before its end');
}

function replayLines(replay: ReplayWords | null): string[] {
  if (!replay) return [];
  const { summary, unchanged, tried } = replay;
  return [
    summary,
    ...(unchanged === null ? [] : [`  unchanged: ${unchanged}`]),
    ...tried.map(
      ({ label, outcome, helps, detail }) => `  ${label}: ${outcome}${helps ? ` (helps: ${detail})` : ''}`,
    ),
  ];
}

/** "train.adamscope: train.py, AdamW lr 0.001, 400 steps, 36 recorded" */
function headline(file: string, run: Run): string {
  const { record } = run;
  const steps = `${run.steps} steps, ${run.trace?.rows ?? 0} recorded`;
  const rank = record.recording!.distributed;
  const parts = [
    record.source.lossName,
    run.title,
    ...(rank ? [`rank ${rank.rank} of ${rank.worldSize}`] : []),
    steps,
  ];
  const end = record.status === 'finished' ? '' : ', without its end';
  return `${display(file)}: ${parts.join(', ')}${end}`;
}

function findings({ record }: Run): string[] {
  const damage = record.problems.map(({ severity, message }) => `${severity}: ${message}`);
  if (record.findings.length === 0) return [...damage, 'No finding.'];
  return [
    ...damage,
    ...record.findings.flatMap(({ location, ...finding }) => {
      const place = location ?? record.source.location;
      const printed = {
        ...finding,
        location: { ...place, file: display(place.file) },
        message: messageOf(finding),
        fixes: [],
      };
      return findingLines(printed);
    }),
  ];
}

/** The tensors with the largest updates, relative to their parameters. */
function tensors({ record, tensors: history }: Run): string[] {
  const last = history?.rows.at(-1);
  if (!last) return [];
  const value = (i: number, column: TensorColumn) => tensorValue(last, i, column);
  const order = [...record.recording!.tensors.keys()]
    .filter((i) => !Number.isNaN(value(i, 'updateRatio')))
    .sort((a, b) => value(b, 'updateRatio') - value(a, 'updateRatio'))
    .slice(0, listed);
  if (order.length === 0) return [];
  const rows = order.map((i) => ({
    cells: [
      record.recording!.tensors[i]!.name,
      ...shownColumns.map((column) => formatNumber(value(i, column))),
    ],
    verdict: null,
    patch: null,
  }));
  const columns = [
    { title: 'tensor', isNumber: false },
    ...shownColumns.map((title) => ({ title, isNumber: true })),
  ];
  return [tableText({ title: `Largest updates at step ${last.t}`, columns, rows })];
}

function asJson(file: string, run: Run, replay: ReplayWords | null): object {
  const { record, tensors: history } = run;
  const { recording } = record;
  const last = history?.rows.at(-1);
  return {
    file,
    script: record.source.file,
    optimizer: recording!.optimizer,
    groups: recording!.groups,
    rank: recording!.distributed,
    status: record.status,
    steps: run.steps,
    recorded: run.trace?.rows ?? 0,
    problems: record.problems,
    findings: record.findings.map((finding) => ({ ...finding, message: messageOf(finding) })),
    ...(replay && { replay }),
    tensors: last && {
      step: last.t,
      values: recording!.tensors.map(({ name, shape }, i) => ({
        name,
        shape,
        ...Object.fromEntries(tensorColumns.map((column) => [column, tensorValue(last, i, column)])),
      })),
    },
  };
}
