import type { RecordedRun } from '../recordedRun';
import type { Axis, ReportChart, ReportLine } from '../report';

const pointsAtMost = 1000;

/** The loss curves of several runs in one chart. */
export function lossChart(
  runs: readonly { readonly name: string; readonly run: RecordedRun }[],
): ReportChart {
  return {
    title: 'Loss',
    x: { title: 'step', log: false },
    y: lossAxis(runs.flatMap(({ run }) => everyOther(run.curve))),
    lines: runs.map(({ name, run }) => line(name, run.curve)),
    marks: [],
  };
}

/** An axis for losses: logarithmic if all finite losses are above 0. */
export function lossAxis(losses: readonly number[]): Axis {
  const finite = losses.filter(Number.isFinite);
  return { title: 'loss', log: finite.length > 0 && finite.every((loss) => loss > 0) };
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
