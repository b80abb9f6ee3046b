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
  permute: 'coordinates in another order',
  rotate: 'coordinates rotated by 30°',
  translate: 'loss + constant',
  'first step': 'length of the first step',
};

/** What it means that a check comes out as expected. */
const meanings: { readonly [N in Name]: { readonly same: string; readonly changes: string } } = {
  repeat: {
    same: 'The run is determined by its seed: nothing else decides.',
    changes: '',
  },
  'scale up': {
    same: 'The unit of the loss does not matter.',
    changes: 'The unit of the loss matters: a loss ten times as large wants a tenth of lr.',
  },
  'scale down': {
    same: 'The unit of the loss does not matter, until gradients come near eps.',
    changes: 'The unit of the loss matters: lr has to grow as the loss shrinks.',
  },
  flip: { same: 'No direction of a coordinate is preferred.', changes: '' },
  permute: { same: 'No coordinate is treated differently for its place.', changes: '' },
  rotate: {
    same: 'Only the geometry of the loss counts, not the axes.',
    changes: 'The axes count: how parameters are chosen decides how well it works.',
  },
  translate: { same: 'Only gradients count, not the value of the loss.', changes: '' },
  'first step': { same: 'A coordinate’s first step says nothing of how large its gradient is.', changes: '' },
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
              title: 'Distance from the path that the unchanged loss makes',
              x: { title: 'step', log: false },
              y: { title: 'distance / way gone', log: true },
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
    title: `What the path of ${subject} makes of a changed loss`,
    columns: [
      { title: 'change', isNumber: false },
      { title: 'expected', isNumber: false },
      { title: 'deviation', isNumber: true },
      { title: 'tolerance', isNumber: true },
      { title: 'what it means', isNumber: false },
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
  if (expected.kind === 'none') return 'not known';
  if (expected.kind === 'changes') return 'another path';
  if (name === 'first step') return 'the same for every gradient';
  return expected.isExact ? 'the same path, exactly' : 'the same path';
}

function meaningOf(
  name: Name,
  expected: InvarianceCheck['expected'],
  verdict: InvarianceCheck['verdict'],
): string {
  if (expected.kind === 'none') return `Not applicable, because ${expected.why}.`;
  if (verdict === 'not applicable')
    return 'Not applicable, because the path does not move, or rounding takes it over.';
  if (verdict === 'fail' && name === 'first step')
    return 'The first step has another length: it is not what lr and the optimizer make it.';
  if (verdict === 'fail')
    return expected.kind === 'same'
      ? 'The path is another one: something depends on what it should not depend on.'
      : `The path is the same, although ${expected.why}.`;
  const meaning = meanings[name][expected.kind];
  return expected.kind === 'changes' ? `${meaning} It changes because ${expected.why}.` : meaning;
}

function summaryOf({ checks, subject }: InvarianceResult): string {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const passed = checks.filter(({ verdict }) => verdict === 'pass');
  const left = checks.length - failed.length - passed.length;
  const rest =
    left > 0 ? ` ${left} of ${checks.length} checks are not applicable here; the table says why.` : '';
  if (failed.some(({ name }) => name === 'repeat'))
    return 'Two runs with the same seed differ: the loss is not deterministic, so that nothing else can be told apart. Use the seeded random of its second argument.';
  if (failed.length > 0)
    return `${subject} does not do what its theory says under: ${failed.map(({ name }) => titles[name]).join('; ')}.${rest}`;
  if (passed.length === 0) return `Nothing can be said of ${subject} on this loss.${rest}`;
  const same = passed.filter(
    ({ expected, name }) => expected.kind === 'same' && name !== 'first step' && name !== 'repeat',
  );
  const changed = passed.filter(({ expected }) => expected.kind === 'changes');
  const list = (some: typeof checks) => some.map(({ name }) => titles[name]).join(', ');
  return `${subject} does what its theory says.${same.length > 0 ? ` Its path does not depend on: ${list(same)}.` : ''}${changed.length > 0 ? ` It does depend on: ${list(changed)}.` : ''}${rest}`;
}

export function invarianceNotes({ steps, horizon, leftOut }: InvarianceResult): string[] {
  const shorter =
    horizon < steps
      ? ` Of ${steps} steps the first ${horizon} are compared: after that the path multiplies rounding so much that nothing could be told.`
      : ` ${steps} steps are compared.`;
  return [
    `Deviations are the largest distance of a coordinate from where it should be, relative to the longest way of a coordinate by then.${shorter} What should be exact is compared over all.`,
    'The tolerance is what rounding and, under another scale, eps may do in each step, times what the path makes of it: that is measured by one more run whose steps come out longer or shorter by a billionth.',
    ...(leftOut.length > 0 ? [`Left out: ${leftOut.join('; ')}.`] : []),
  ];
}
