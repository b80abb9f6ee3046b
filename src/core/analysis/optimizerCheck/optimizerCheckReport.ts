import { formatNumber } from '../../numerics/format';
import { line } from '../compare/curves';
import { invarianceNotes, invarianceTable } from '../invariances/invarianceReport';
import type { Report, ReportRow, ReportTable } from '../report';
import type { Departure, OptimizerCheckResult } from './checkOptimizerStep';
import type { StepFault } from './userStep';

/** What the check of a user's optimizer step found: whether it is the reference, else what it is instead. */
export function optimizerCheckReport(result: OptimizerCheckResult): Report {
  const { reference, invariances, sequences } = result;
  const lines = sequences
    .filter(({ distance }) => distance.some((value, i) => i % 2 === 1 && value > 0))
    .map(({ name, distance }) => line(name, distance));
  return {
    title: `Check of your step against ${reference.name}`,
    summary: summaryOf(result),
    findings: result.findings,
    charts:
      lines.length === 0
        ? []
        : [
            {
              title: `Distance from ${reference.name}, along the same gradients`,
              x: { title: 'step', log: false },
              y: { title: 'largest |θ − reference’s θ|', log: true },
              lines,
              marks: [],
            },
          ],
    tables: [
      ...(result.bugs.length > 0 ? [bugTable(result)] : []),
      comparisonTable(result),
      ...(invariances ? [invarianceTable(invariances)] : []),
    ],
    notes: [
      `The reference is ${optionsText(result)}. Both are given the same ${sequences.length} sequences of ${sequences[0]!.steps} gradients, from the same parameters, so that nothing feeds back: a difference is the step’s own. What rounding may do in another order of operations is allowed for.`,
      'A bug is named if the reference with that bug makes your very path, to rounding, along all sequences. Of two bugs at once none is named.',
      ...(invariances ? invarianceNotes(invariances) : []),
    ],
  };
}

function summaryOf(result: OptimizerCheckResult): string {
  const { reference, departure, bugs, faults } = result;
  const told = faults.map((fault) => `Your step ${faultText(fault)}.`);
  if (departure === null) {
    if (told.length === 0)
      return `Your step is ${reference.name}: it agrees with the reference at every step, to rounding.`;
    return told.join(' ');
  }
  const named = bugs.map(({ says }) => says);
  const cause =
    named.length === 0
      ? ' No usual slip explains it.'
      : named.length === 1
        ? ` Likely cause: ${named[0]}.`
        : ` Any of these would explain it: ${named.join('; ')}.`;
  const subject = told.length > 0 ? 'It' : 'Your step';
  return [...told, `${subject} departs from ${reference.name} ${departureText(departure)}.${cause}`].join(
    ' ',
  );
}

function departureText({ sequence, t, coordinate, grad, before, own, reference }: Departure): string {
  const [mine, its] = [own - before, reference - before];
  return `at step ${t}, in coordinate ${coordinate} (${sequence}): at gradient ${formatNumber(grad, 6)} the parameter moves by ${apartText(mine, its)} instead of ${apartText(its, mine)}`;
}

/** As many digits of a number as it takes to tell it from another. */
function apartText(value: number, other: number): string {
  for (let digits = 4; digits < 17; digits++)
    if (formatNumber(value, digits) !== formatNumber(other, digits)) return formatNumber(value, digits);
  return formatNumber(value, 17);
}

function faultText(fault: StepFault): string {
  switch (fault.code) {
    case 'throws':
      return `throws at step ${fault.t}: ${fault.thrown instanceof Error ? fault.thrown.message : String(fault.thrown)}`;
    case 'promise':
      return 'returns a promise: a step is synchronous';
    case 'noVector':
      return `returns ${fault.returned === 'object' ? 'an' : 'a'} ${fault.returned} at step ${fault.t}: return the new parameters, or nothing and change them in place`;
    case 'wrongLength':
      return `leaves ${fault.length} parameters of ${fault.dim} at step ${fault.t}`;
    case 'noNumber':
      return `makes parameter ${fault.coordinate} ${fault.found === 'undefined' ? 'undefined' : `a ${fault.found}`} at step ${fault.t}`;
    case 'notFinite':
      return `makes parameter ${fault.coordinate} ${fault.found} at step ${fault.t}, where the reference stays finite`;
    case 'unchanged':
      return 'does not change the parameters: it neither writes to the array that it is given nor returns another';
    case 'changesGradient':
      return `changes the gradient that it is given (at step ${fault.t}, coordinate ${fault.coordinate}): whoever reads the gradient after it reads something else`;
    case 'notDeterministic':
      return 'makes another path every time: something in it is drawn at random, or remembers earlier runs outside of state';
    case 'memoryOutside':
      return 'keeps something outside of state: a second run, or one that takes turns with another, makes another path';
  }
}

function bugTable({ bugs }: OptimizerCheckResult): ReportTable {
  const words = { bug: 'bug', form: 'another form', option: 'another option' } as const;
  return {
    title: 'What makes your very path',
    columns: [
      { title: 'what', isNumber: false },
      { title: 'kind', isNumber: false },
      { title: 'code', isNumber: false },
    ],
    rows: bugs.map(({ says, kind, code }) => ({
      cells: [`${says[0]!.toUpperCase()}${says.slice(1)}.`, words[kind], code],
      verdict: null,
      patch: null,
    })),
  };
}

function comparisonTable({ sequences, losses, faults, reference }: OptimizerCheckResult): ReportTable {
  const has = (...codes: StepFault['code'][]) => faults.find(({ code }) => codes.includes(code));
  const health = (title: string, fault: StepFault | undefined): ReportRow => ({
    cells: [title, fault ? faultText(fault) : '', ''],
    verdict: fault ? 'fail' : 'pass',
    patch: null,
  });
  const isBroken = has('throws', 'promise', 'noVector', 'wrongLength', 'noNumber');
  return {
    title: `Your step beside ${reference.name}`,
    columns: [
      { title: 'check', isNumber: false },
      { title: 'found', isNumber: false },
      { title: 'distance / what rounding allows', isNumber: true },
    ],
    rows: [
      health('runs, and gives parameters', isBroken ?? has('notFinite', 'unchanged')),
      health('leaves the gradient alone', has('changesGradient')),
      health('depends on its arguments only', has('notDeterministic', 'memoryOutside')),
      ...sequences.map(({ name, steps, departure, worst }): ReportRow => {
        const found = departure ? `departs ${departureText(departure)}` : `${steps} steps agree`;
        return {
          cells: [name, isBroken ? '' : found, formatNumber(worst, 2)],
          verdict: isBroken ? 'not applicable' : departure ? 'fail' : 'pass',
          patch: null,
        };
      }),
      ...losses.map(
        ({ name, own, reference: its, deviation, tolerance }): ReportRow => ({
          cells: [
            name,
            `loss ${formatNumber(own, 6)}, ${reference.name}’s ${formatNumber(its, 6)}`,
            Number.isNaN(deviation / tolerance) ? '' : formatNumber(deviation / tolerance, 2),
          ],
          verdict: Number.isNaN(tolerance) ? 'not applicable' : deviation <= tolerance ? 'pass' : 'fail',
          patch: null,
        }),
      ),
    ],
  };
}

function optionsText({ reference }: OptimizerCheckResult): string {
  const { name, ...options } = reference;
  const shown = Object.entries(options).map(([option, value]) => `${option} ${value}`);
  return `${name} (${shown.join(', ')})`;
}
