import { formatNumber } from '../../numerics/format';
import { lossAxis } from '../compare/curves';
import { lrPatch } from '../recordedRun';
import type { Report, ReportChart, ReportLine, ReportRow } from '../report';
import { type LrRangeResult, medianOf, type SuggestedRate } from './lrRangeTest';
import type { SuggestionName } from './suggestions';
import type { Sweep } from './sweep';

const meanings: { readonly [N in SuggestionName]: string } = {
  valley: 'the middle of the longest stretch over which the loss falls',
  'minimum/10': 'a tenth of the rate at which the loss is lowest',
  steepest: 'where the loss falls most steeply',
  slide: 'the last rate before the stretch where the slope of the loss turns uneven',
};

/** What the range test shows: the curve with its marks, and what follows for the learning rate. */
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
          { title: 'over the seeds', isNumber: false },
          { title: 'loss there', isNumber: true },
          { title: 'what it is', isNumber: false },
        ],
        rows: result.rates.map((rate) => row(result, rate)),
      },
    ],
    notes: notesOf(result),
  };
}

function summaryOf({ recommended, sweeps, rates, config }: LrRangeResult): string {
  const { name } = config.optimizer;
  if (!recommended) return `No learning rate is suggested for ${name}: ${rates[0]!.reason}.`;
  const { least, most } = recommended.lr!;
  const where = `lr ${shown(recommended)}, ${meanings[recommended.name]}`;
  const apart = Math.log10(most / least);
  const count = `${recommended.count} of ${sweeps.length} seeds`;
  const seeds =
    sweeps.length === 1
      ? ''
      : ` The median of ${count}, which lie between ${formatNumber(least, 2)} and ${formatNumber(most, 2)}${apart > 1 ? ': more than a decade apart, so take it as a rough guide' : ''}.`;
  return `For ${name} on this loss: ${where}.${seeds} ${edgeOf(sweeps)}`;
}

/** Where the loss blows up, or that it does not. */
function edgeOf(sweeps: readonly Sweep[]): string {
  const blown = sweeps.filter(({ ended }) => ended !== 'range');
  const highest = formatNumber(Math.max(...sweeps.map(({ lrs }) => lrs.at(-1) ?? 0)), 2);
  if (blown.length === 0) return `Up to lr ${highest} the loss does not blow up.`;
  const lr = medianOf(blown.map(({ lrs }) => lrs.at(-1) ?? 0).sort((a, b) => a - b));
  return `The sweep ends near lr ${formatNumber(lr, 2)}, where the loss blows up.`;
}

/** Two digits: a range test does not know more. */
function rounded(lr: number): number {
  return Number(lr.toPrecision(2));
}

function shown({ lr }: SuggestedRate): string {
  return formatNumber(rounded(lr!.median), 2);
}

function row(result: LrRangeResult, rate: SuggestedRate): ReportRow {
  const { sweeps, perSeed, recommended, config } = result;
  const meaning = meanings[rate.name];
  if (!rate.lr)
    return { cells: [rate.name, '', '', '', `none: ${rate.reason}`], verdict: 'not applicable', patch: null };
  const losses = perSeed.flatMap((each) => {
    const suggestion = each[rate.name];
    return suggestion.lr === null ? [] : [suggestion.place.loss];
  });
  const isSome = rate.count < sweeps.length;
  const spread =
    sweeps.length === 1
      ? ''
      : `${formatNumber(rate.lr.least, 2)} to ${formatNumber(rate.lr.most, 2)}${isSome ? `, ${rate.count} of ${sweeps.length} seeds` : ''}`;
  return {
    cells: [rate.name, shown(rate), spread, formatNumber(medianOf(losses.sort((a, b) => a - b))), meaning],
    verdict: rate === recommended ? 'best' : null,
    patch: lrPatch(config, rounded(rate.lr.median)),
  };
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
      ...(configured > 0 ? [{ name: 'as configured', x: configured }] : []),
    ],
  };
}

/**
 * The median over the seeds and the band between least and largest. Where some sweeps have ended already, the losses of
 * the others alone would look better than they are: a sweep that has ended counts with its last loss.
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
    below > 0 ? ' Lower rates were added, because the loss was best near the lowest and then rose.' : '',
    above > 0 ? ' Higher rates were added, because the loss was best at the highest.' : '',
  ].join('');
}

function notesOf({ range, sweeps, evaluations, callsEach, widened, config }: LrRangeResult): string[] {
  const [first] = sweeps as [Sweep];
  const ends = `${formatNumber(range.lowest)} to ${formatNumber(range.highest)}`;
  const calls =
    callsEach > 1
      ? `, each with ${callsEach} calls of the loss because its gradient is made by differences`
      : '';
  const smoothing = first.isStochastic
    ? `The loss is stochastic: ${sweeps.length === 1 ? 'it was swept with one seed, and others would differ' : `it was swept with ${sweeps.length} seeds`}. The curve is smoothed as fastai’s (0.98, an average over some 50 losses), which shows a rise late.`
    : 'The loss is deterministic: one sweep says all, and nothing is smoothed.';
  return [
    `The learning rate grows from ${ends} over ${range.steps} steps of one run from the start.${widenedText(widened)} The sweep ends early where the loss is not finite, or has risen above its best by three times what is left of it or what it fell, whichever is more. ${evaluations} evaluations of the gradient in all${calls}.`,
    smoothing,
    'Each rate follows upon the lower ones: the loss at a rate is that of a point to which all rates below it have led, and the optimizer’s memory lags behind. A rate that holds for a few steps of this sweep may be too high for a whole run (near a minimum, where curvature is larger), and rates that pay only over thousands of steps do not show at all.',
    ...(config.schedule
      ? [
          `The schedule (${config.schedule.name}) takes no part in the sweep: the suggested rate is ${'maxLr' in config.schedule ? 'its peak' : 'what it starts from'}.`,
        ]
      : []),
    ...(config.switch ? [`Only ${config.optimizer.name} was swept, not ${config.switch.to.name}.`] : []),
  ];
}
