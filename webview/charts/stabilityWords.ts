import { type RunView, scalarPlaces } from '../../src/protocol/panel';
import { shortNumber, stepText } from '../numberText';
import type { ChartLine } from './chartLine';
import { bucketSize } from './envelope';
import type { Summary } from './summary';

/** A forecast is near if it is within this many steps, or within this share of the run. */
const nearSteps = 100;
const nearShare = 0.1;

export interface Outlook {
  /** "unstable in about 100 steps" */
  readonly short: string;
  /** A sentence with the step and the expected rise of the loss. */
  readonly full: string;
  /** Whether it is shown beside the status: the run continues, the crossing is near, and the rise would matter. */
  readonly isPressing: boolean;
}

type Stable = Pick<RunView, 'status' | 'steps' | 'plannedSteps' | 'scalars' | 'maximizes'>;

/** The forecast of the stability value; null if there is none. */
export function outlookOf({ status, steps, plannedSteps, scalars, maximizes }: Stable): Outlook | null {
  const at = scalars[scalarPlaces.unstableAt] ?? Number.NaN;
  const rebound = scalars[scalarPlaces.rebound] ?? Number.NaN;
  if (!(at > steps)) return null;
  const goesOn = status === 'running' || status === 'paused';
  const ahead = at - steps;
  const when = aboutSteps(ahead);
  const short = goesOn ? `unstable in ${when}` : `unstable ${when} later`;
  const forecast = goesOn
    ? `At this rate the stability limit is reached in ${when}, near step ${stepText(at)}`
    : `If the run had continued, the stability limit would have been reached ${when} later, near step ${stepText(at)}`;
  const isNear = ahead <= Math.max(nearSteps, nearShare * plannedSteps) && at <= plannedSteps;
  return {
    short,
    full: `${forecast}${costOf(rebound, maximizes)}`,
    isPressing: goesOn && isNear && !Number.isNaN(rebound),
  };
}

function costOf(rebound: number, maximizes: boolean): string {
  const loss = maximizes ? 'objective' : 'loss';
  if (Number.isNaN(rebound)) return `; the effect on the ${loss} would be negligible`;
  if (rebound === Number.POSITIVE_INFINITY)
    return `; steps then grow until the ${loss} becomes flatter, because the preconditioner does not shrink them`;
  return `; the ${loss} may then ${maximizes ? 'fall' : 'rise'} by up to ${shortNumber(rebound)}`;
}

/** "about 200 steps": a forecast has one digit. */
export function aboutSteps(steps: number): string {
  return steps < 10 ? 'a few steps' : `about ${stepText(Number(steps.toPrecision(1)))} steps`;
}

/**
 * The text of the stability chart: the value compared with its limit, the forecast, and how the value is measured.
 *
 * @param end  the last visible step if the run goes on beyond it, because the chart is zoomed; else null
 */
export function stabilityWords(run: RunView, lines: readonly ChartLine[], end: number | null): Summary {
  const [now, limit] = [lastOf(lines[0]), lastOf(lines[1])];
  const sampled = samplingWords(run);
  if (Number.isNaN(now.value) || Number.isNaN(limit.value)) {
    return { short: 'No samples yet', full: `No samples yet. ${sampled}` };
  }
  const isLast = now.isAtEnd;
  const since = run.scalars[scalarPlaces.unstableAt] ?? Number.NaN;
  const value = shortNumber(now.value);
  const bound = shortNumber(limit.value);
  const share = Math.floor((100 * now.value) / limit.value);
  const isBeyond = now.value >= limit.value;
  const beyond =
    since <= (end ?? run.steps)
      ? `above its limit ${bound} since step ${stepText(since)}`
      : `above its limit ${bound}`;
  const stands = isBeyond ? `${value}, ${beyond}` : `${value}, ${share} % of the limit ${bound}`;
  const outlook = isLast && end === null ? outlookOf(run) : null;
  const head = end !== null ? `at step ${stepText(end)}: ` : isLast ? 'now ' : 'last ';
  const full = [`${head}${stands}`, ...(outlook === null ? [] : [outlook.full]), sampled].join('. ');
  if (outlook === null || isBeyond) return { short: (isLast && end === null ? '' : head) + stands, full };
  return { short: `${value} of ${bound}: ${outlook.short}`, full };
}

function samplingWords({ stability }: RunView): string {
  if (stability === null) return '';
  const { every, closerEvery, settledFrom } = stability;
  const near = closerEvery < every ? `, every ${closerEvery} near the limit` : '';
  const sampled =
    every === 1 ? 'Sampled at every step' : `Sampled every ${every} steps${near}, held in between`;
  return settledFrom > 3 ? `${sampled}; not meaningful before step ${settledFrom}` : sampled;
}

/** The last value of a line, and whether the line extends to its end. */
function lastOf(line: ChartLine | undefined): { readonly value: number; readonly isAtEnd: boolean } {
  const envelope = line?.envelope ?? new Float64Array(0);
  const end = envelope.length - bucketSize;
  for (let i = end; i >= 0; i -= bucketSize) {
    // For a bucket with several samples, the middle of its range is used.
    const [low, high] = [envelope[i + 1]!, envelope[i + 2]!];
    if (!Number.isNaN(low)) return { value: low / 2 + high / 2, isAtEnd: i === end };
  }
  return { value: Number.NaN, isAtEnd: false };
}
