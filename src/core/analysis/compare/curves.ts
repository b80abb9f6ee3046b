import type { RecordedRun } from '../recordedRun';
import type { Axis, ReportChart, ReportLine } from '../report';

const pointsAtMost = 1000;

/**
 * The loss curves of several runs in one chart. They have the same start.
 *
 * @param runs  `subject` as in `ReportLine`
 */
export function lossChart(
  runs: readonly { readonly name: string; readonly subject?: string; readonly run: RecordedRun }[],
): ReportChart {
  return {
    title: 'Loss',
    x: { title: 'step', log: false },
    y: axisFrom(
      startLossOf(runs.map(({ run }) => run)),
      runs.flatMap(({ run }) => everyOther(run.curve)),
    ),
    lines: runs.map(({ name, subject, run }) => ({
      ...line(name, run.curve),
      ...(subject === undefined ? {} : { subject }),
    })),
    marks: [],
  };
}

/** An axis for losses: logarithmic if no finite loss is negative. A loss of 0 has a place of its own below the others. */
export function lossAxis(losses: readonly number[]): Axis {
  const finite = losses.filter(Number.isFinite);
  return { title: 'loss', log: finite.some((loss) => loss > 0) && finite.every((loss) => loss >= 0) };
}

/**
 * The first loss of runs from one start; NaN if none is finite. With mini-batches it is measured after the first epoch and
 * differs between runs, so the median is taken: some runs have diverged by then.
 */
export function startLossOf(runs: readonly RecordedRun[]): number {
  const first = runs.map(({ curve }) => curve[1] ?? Number.NaN).filter(Number.isFinite);
  return first.sort((a, b) => a - b)[first.length >> 1] ?? Number.NaN;
}

/** On a logarithmic axis, losses up to this multiple of the first loss are distinguished. */
const shownRise = 10;

/**
 * An axis for losses that ends shortly above the loss at the start, because a loss far above it has diverged, and by how much
 * does not matter: up to ten times that loss on a logarithmic axis, else as far above it as the lowest loss is below it.
 */
export function axisFrom(startLoss: number, losses: readonly number[]): Axis {
  const axis = lossAxis(losses);
  const finite = losses.filter(Number.isFinite);
  // Without a first loss, `cut` is not a number, and the axis shows everything.
  const least = finite.reduce((low, loss) => Math.min(low, loss), startLoss);
  const cut = axis.log ? shownRise * startLoss : 2 * startLoss - least;
  return cut > startLoss && finite.some((loss) => loss > cut) ? { ...axis, cut } : axis;
}

/** A line of x, y pairs, reduced to at most 1000 points. The first and the last point are kept. */
export function line(name: string, pairs: Float64Array): ReportLine {
  const count = pairs.length / 2;
  const every = Math.max(1, Math.ceil(count / pointsAtMost));
  if (every === 1) return { name, points: pairs.slice(), band: null };
  const kept: number[] = [];
  for (let i = 0; i < count - 1; i += every) kept.push(pairs[2 * i]!, pairs[2 * i + 1]!);
  kept.push(pairs[2 * count - 2]!, pairs[2 * count - 1]!);
  return { name, points: Float64Array.from(kept), band: null };
}

function everyOther(pairs: Float64Array): number[] {
  return Array.from({ length: pairs.length / 2 }, (_, i) => pairs[2 * i + 1]!);
}
