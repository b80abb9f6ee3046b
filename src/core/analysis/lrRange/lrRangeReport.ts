import { lrPatch } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import { optimizerTitle } from '../../ownOptimizer/ownRuns';
import { lossAxis } from '../compare/curves';
import type { Report, ReportChart, ReportLine, ReportRow } from '../report';
import { type LrRangeResult, medianOf, type SuggestedRate } from './lrRangeTest';
import type { SuggestionName } from './suggestions';
import type { Sweep } from './sweep';

const meanings: { readonly [N in SuggestionName]: string } = {
  valley: 'the middle of the longest range over which the loss falls',
  'minimum/10': 'a tenth of the rate with the lowest loss',
  steepest: 'the rate at which the loss falls most steeply',
  slide: 'the last rate before the slope of the loss becomes irregular',
};

/** The report for an optimizer of the user whose steps do not depend on a learning rate that it is given. */
export function noLrReport(name: string): Report {
  return {
    title: 'Learning-rate range test',
    summary: `The learning rate of ${name} cannot be changed between its steps, so there is nothing to sweep. Give its step an argument lr, or its instance a property lr.`,
    charts: [],
    tables: [],
    notes: [],
  };
}

/** The report of a range test: the loss curve with the suggested learning rates, and a table of them. */
export function lrRangeReport(result: LrRangeResult): Report {
  return {
    title: 'Learning-rate range test',
    summary: summaryOf(result),
    charts: result.sweeps[0]!.lrs.length > 0 ? [chartOf(result)] : [],
    tables: [
      {
        title: 'Suggestions',
        columns: [
          { title: 'suggestion', isNumber: false },
          { title: 'lr', isNumber: true },
          { title: 'range over seeds', isNumber: false },
          { title: 'loss at this rate', isNumber: true },
          { title: 'meaning', isNumber: false },
        ],
        rows: result.rates.map((rate) => row(result, rate)),
      },
    ],
    notes: notesOf(result),
  };
}

function summaryOf({ recommended, sweeps, rates, config }: LrRangeResult): string {
  const name = optimizerTitle(config.optimizer);
  if (!recommended) return `No learning rate is suggested for ${name}: ${rates[0]!.reason}.`;
  const { least, most } = recommended.lr!;
  const where = `lr ${shown(recommended)}, ${meanings[recommended.name]}`;
  const apart = Math.log10(most / least);
  const count = `${recommended.count} of ${sweeps.length} seeds`;
  const seeds =
    sweeps.length === 1
      ? ''
      : ` This is the median of ${count}, whose values are between ${formatNumber(least, 2)} and ${formatNumber(most, 2)}.${apart > 1 ? ' They differ by more than a factor of 10, so the suggestion is rough.' : ''}`;
  return `Suggested for ${name} on this loss: ${where}.${seeds} ${edgeOf(sweeps)}`;
}

/** States at which learning rate the loss diverges, or that it does not. */
function edgeOf(sweeps: readonly Sweep[]): string {
  const blown = sweeps.filter(({ ended }) => ended !== 'range');
  const highest = formatNumber(Math.max(...sweeps.map(({ lrs }) => lrs.at(-1) ?? 0)), 2);
  if (blown.length === 0) return `The loss does not diverge up to lr ${highest}.`;
  const lr = medianOf(blown.map(({ lrs }) => lrs.at(-1) ?? 0).sort((a, b) => a - b));
  return `The loss diverges near lr ${formatNumber(lr, 2)}, where the sweep ends.`;
}

/** Rounds to two digits, because a range test is not more accurate. */
function rounded(lr: number): number {
  return Number(lr.toPrecision(2));
}

function shown({ lr }: SuggestedRate): string {
  return formatNumber(rounded(lr!.median), 2);
}

function row(result: LrRangeResult, rate: SuggestedRate): ReportRow {
  const { sweeps, recommended, config } = result;
  const meaning = meanings[rate.name];
  if (!rate.lr)
    return { cells: [rate.name, '', '', '', `none: ${rate.reason}`], verdict: 'not applicable', patch: null };
  const isSome = rate.count < sweeps.length;
  const spread =
    sweeps.length === 1
      ? ''
      : `${formatNumber(rate.lr.least, 2)} to ${formatNumber(rate.lr.most, 2)}${isSome ? `, ${rate.count} of ${sweeps.length} seeds` : ''}`;
  return {
    cells: [rate.name, shown(rate), spread, formatNumber(lossAt(lineOf(sweeps), rate.lr.median)), meaning],
    verdict: rate === recommended ? 'best' : null,
    patch: lrPatch(config, rounded(rate.lr.median)),
  };
}

/** The loss of a line at the nearest learning rate of the sweep, as the chart shows it at the mark of a suggestion. */
function lossAt({ points }: ReportLine, lr: number): number {
  let nearest = 0;
  const distance = (i: number) => Math.abs(Math.log(points[i]! / lr));
  for (let i = 2; i < points.length; i += 2) if (distance(i) < distance(nearest)) nearest = i;
  return points[nearest + 1]!;
}

function chartOf({ sweeps, rates, configured }: LrRangeResult): ReportChart {
  const isSmoothed = sweeps[0]!.isStochastic;
  return {
    title: isSmoothed ? 'Smoothed loss by learning rate' : 'Loss by learning rate',
    x: { title: 'learning rate', log: true },
    y: {
      ...lossAxis(sweeps.flatMap(({ smoothed }) => [...smoothed])),
      title: isSmoothed ? 'smoothed loss' : 'loss',
    },
    lines: [lineOf(sweeps)],
    marks: [
      ...rates.flatMap(({ name, lr }) => (lr ? [{ name, x: lr.median }] : [])),
      ...(configured > 0 ? [{ name: 'current', x: configured }] : []),
    ],
  };
}

/**
 * The median over the seeds, and the band between the smallest and the largest loss. A sweep that ended early
 * counts with its last loss, because the median of the remaining sweeps alone would be too low.
 */
function lineOf(sweeps: readonly Sweep[]): ReportLine {
  const longest = sweeps.reduce((a, b) => (b.lrs.length > a.lrs.length ? b : a));
  const points: number[] = [];
  const band: number[] = [];
  longest.lrs.forEach((lr, i) => {
    const losses = sweeps
      .flatMap(({ smoothed }) => (smoothed.length > 0 ? [smoothed[Math.min(i, smoothed.length - 1)]!] : []))
      .sort((a, b) => a - b);
    points.push(lr, medianOf(losses));
    band.push(losses[0]!, losses.at(-1)!);
  });
  return {
    name: sweeps.length > 1 ? `median of ${sweeps.length} seeds` : 'loss',
    points: Float64Array.from(points),
    band: sweeps.length > 1 ? Float64Array.from(band) : null,
  };
}

function widenedText({ below, above }: LrRangeResult['widened']): string {
  return [
    below > 0
      ? ' Lower rates were added, because the loss was lowest near the lowest rate and then rose.'
      : '',
    above > 0 ? ' Higher rates were added, because the loss was lowest at the highest rate.' : '',
  ].join('');
}

function notesOf({ range, sweeps, evaluations, callsEach, widened, config }: LrRangeResult): string[] {
  const [first] = sweeps as [Sweep];
  const ends = `${formatNumber(range.lowest)} to ${formatNumber(range.highest)}`;
  const calls =
    callsEach > 1
      ? `, each with ${callsEach} calls of the loss, because the gradient is computed by finite differences`
      : '';
  const smoothing = first.isStochastic
    ? `The loss is stochastic. ${sweeps.length === 1 ? 'The sweep used one seed; other seeds would give other results' : `The sweep was repeated with ${sweeps.length} seeds`}. The curve is smoothed as in fastai (factor 0.98, an average over about 50 losses), so it shows a rise late.`
    : 'The loss is deterministic, so one sweep suffices, and the curve is not smoothed.';
  return [
    `The learning rate grows from ${ends} over ${range.steps} steps of one run from the start.${widenedText(widened)} The sweep ends early if the loss is not finite, or if it has risen above its lowest value by three times that value or three times its decrease, whichever is larger. The test took ${evaluations} evaluations of the gradient${calls}.`,
    smoothing,
    'The loss at a rate depends on all lower rates, because each step starts where the previous one ended, and the optimizer’s moving averages still contain earlier gradients. A rate that is stable for a few steps of this sweep may be too high for a whole run, where the curvature can be larger. Rates that pay off only over thousands of steps are not visible.',
    ...(config.schedule
      ? [
          `The sweep does not use the schedule (${config.schedule.name}). Use the suggested rate as its ${'maxLr' in config.schedule ? 'peak' : 'initial rate'}.`,
        ]
      : []),
    ...(config.switch ? [`The test used ${config.optimizer.name} only, not ${config.switch.to.name}.`] : []),
  ];
}
