import { formatNumber } from '../../numerics/format';
import { line } from '../compare/curves';
import type { Report, ReportRow } from '../report';
import type { InvarianceResult } from './checkInvariances';
import type { InvarianceCheck } from './invarianceCheck';
import { scales } from './pathChecks';

type Name = InvarianceCheck['name'];

const titles: { readonly [N in Name]: string } = {
  repeat: 'the same run again',
  'scale up': `loss × ${scales['scale up']}`,
  'scale down': `loss × ${formatNumber(scales['scale down'])}`,
  flip: 'signs of coordinates flipped',
  permute: 'coordinates reordered',
  rotate: 'coordinates rotated by 30°',
  translate: 'loss + constant',
  'first step': 'length of the first step',
};

/** The meaning of a check whose result is as expected. */
const meanings: { readonly [N in Name]: { readonly same: string; readonly changes: string } } = {
  repeat: {
    same: 'The run is determined by its seed.',
    changes: '',
  },
  'scale up': {
    same: 'The unit of the loss does not matter.',
    changes: 'The unit of the loss matters: a loss ten times as large needs a tenth of lr.',
  },
  'scale down': {
    same: 'The unit of the loss does not matter while gradients are much larger than eps.',
    changes: 'The unit of the loss matters: a smaller loss needs a larger lr.',
  },
  flip: { same: 'Both directions of a coordinate are treated alike.', changes: '' },
  permute: { same: 'All coordinates are treated alike, whatever their position.', changes: '' },
  rotate: {
    same: 'Only the shape of the loss matters, not the choice of the axes.',
    changes: 'The choice of the axes, that is of the parameters, affects the run.',
  },
  translate: { same: 'Only the gradient matters, not the value of the loss.', changes: '' },
  'first step': {
    same: 'The length of the first step does not depend on the size of the gradient.',
    changes: '',
  },
};

export function invarianceReport(result: InvarianceResult): Report {
  const { checks } = result;
  const lines = checks
    .filter(({ distance }) => distance.some((value, i) => i % 2 === 1 && value > 0))
    .map(({ name, distance }) => line(titles[name], distance));
  return {
    title: 'Check invariances',
    summary: summaryOf(result),
    charts:
      lines.length === 0
        ? []
        : [
            {
              title: 'Distance from the path on the original loss',
              x: { title: 'step', log: false },
              y: { title: 'distance / distance from start', log: true },
              lines,
              marks: [],
            },
          ],
    tables: [invarianceTable(result)],
    notes: invarianceNotes(result),
  };
}

export function invarianceTable({ checks, subject }: Pick<InvarianceResult, 'checks' | 'subject'>) {
  return {
    title: `How the path of ${subject} responds to changes of the loss`,
    columns: [
      { title: 'change', isNumber: false },
      { title: 'expected', isNumber: false },
      { title: 'deviation', isNumber: true },
      { title: 'tolerance', isNumber: true },
      { title: 'meaning', isNumber: false },
    ],
    rows: checks.map(row),
  };
}

function row({ name, expected, verdict, deviation, tolerance }: InvarianceCheck): ReportRow {
  return {
    cells: [
      titles[name],
      expectedText(name, expected),
      Number.isNaN(deviation) ? '' : formatNumber(deviation, 2),
      Number.isNaN(tolerance) ? '' : formatNumber(tolerance, 2),
      meaningOf(name, expected, verdict),
    ],
    verdict,
    patch: null,
  };
}

function expectedText(name: Name, expected: InvarianceCheck['expected']): string {
  if (expected.kind === 'none') return 'no expectation';
  if (expected.kind === 'changes') return 'different path';
  if (name === 'first step') return 'same length for every gradient';
  return expected.isExact ? 'same path, bit for bit' : 'same path';
}

function meaningOf(
  name: Name,
  expected: InvarianceCheck['expected'],
  verdict: InvarianceCheck['verdict'],
): string {
  if (expected.kind === 'none') return `Not applicable, because ${expected.why}.`;
  if (verdict === 'not applicable')
    return 'Not applicable, because the parameters do not move, or rounding errors dominate the path.';
  if (verdict === 'fail' && name === 'first step')
    return 'The length of the first step differs from the one that lr and the optimizer’s formula give.';
  if (verdict === 'fail')
    return expected.kind === 'same'
      ? 'The path differs, although it should not depend on this change.'
      : `The path is the same, although it should differ: ${expected.why}.`;
  const meaning = meanings[name][expected.kind];
  return expected.kind === 'changes' ? `${meaning} The path differs because ${expected.why}.` : meaning;
}

function summaryOf({ checks, subject }: InvarianceResult): string {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const passed = checks.filter(({ verdict }) => verdict === 'pass');
  const left = checks.length - failed.length - passed.length;
  const rest =
    left > 0 ? ` ${left} of ${checks.length} checks are not applicable; the table states why.` : '';
  if (failed.some(({ name }) => name === 'repeat'))
    return 'Two runs with the same seed differ: the loss is not deterministic, so the other checks are meaningless. Take its random numbers from a generator that starts anew at each step.';
  if (failed.length > 0)
    return `${subject} violates an expected property for: ${failed.map(({ name }) => titles[name]).join('; ')}.${rest}`;
  if (passed.length === 0) return `No check is applicable to ${subject} on this loss.${rest}`;
  const same = passed.filter(
    ({ expected, name }) => expected.kind === 'same' && name !== 'first step' && name !== 'repeat',
  );
  const changed = passed.filter(({ expected }) => expected.kind === 'changes');
  const list = (some: typeof checks) => some.map(({ name }) => titles[name]).join(', ');
  return `${subject} has all expected properties.${same.length > 0 ? ` Its path does not depend on: ${list(same)}.` : ''}${changed.length > 0 ? ` It depends on: ${list(changed)}.` : ''}${rest}`;
}

export function invarianceNotes({ steps, horizon, leftOut }: InvarianceResult): string[] {
  const shorter =
    horizon < steps
      ? ` The first ${horizon} of ${steps} steps are compared; after them the path amplifies rounding errors too much.`
      : ` ${steps} steps are compared.`;
  return [
    `A deviation is the largest difference of a coordinate from its expected value, relative to the largest distance of a coordinate from its start so far.${shorter} Bit-for-bit comparisons use all steps.`,
    'The tolerance is the error that rounding (and eps, if the loss is scaled) can cause in each step, multiplied by its amplification along the path. The amplification is measured in an additional run whose steps are changed by a billionth.',
    ...(leftOut.length > 0 ? [`Not used in the checks: ${leftOut.join('; ')}.`] : []),
  ];
}
