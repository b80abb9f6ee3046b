import { formatApart, formatNumber } from '../../numerics/format';
import { faultText } from '../../ownOptimizer/faultText';
import type { StepFault } from '../../ownOptimizer/userRun';
import { line } from '../compare/curves';
import { invarianceNotes, invarianceTable } from '../invariances/invarianceReport';
import type { Report, ReportRow, ReportTable } from '../report';
import type { Departure, OptimizerCheckResult } from './checkOptimizerStep';
import { bugText } from './likelyBugs';

/** The report of a user's optimizer step: whether it equals the reference, and otherwise the likely error. */
export function optimizerCheckReport(result: OptimizerCheckResult): Report {
  const { reference, invariances, sequences } = result;
  const lines = sequences
    .filter(({ distance }) => distance.some((value, i) => i % 2 === 1 && value > 0))
    .map(({ name, distance }) => line(name, distance));
  const summary = summaryOf(result);
  const isWrong = result.departure !== null || result.faults.length > 0;
  return {
    title: `Check of your step against ${reference.name}`,
    summary,
    ...(isWrong && { problem: summary }),
    findings: result.findings,
    charts:
      lines.length === 0
        ? []
        : [
            {
              title: `Distance from ${reference.name} for the same gradients`,
              x: { title: 'step', log: false },
              y: { title: 'largest |θ − reference’s θ|', log: true },
              lines,
              marks: [],
            },
          ],
    tables: [
      ...(result.bugs.length > 0 ? [bugTable(result)] : []),
      comparisonTable(result),
      ...(invariances ? [folded(result, invarianceTable(invariances))] : []),
    ],
    notes: [
      `The reference is ${optionsText(result)}. Your step and the reference receive the same ${sequences.length} sequences of ${sequences[0]!.steps} gradients and start at the same parameters. The gradients do not depend on the parameters, so every difference comes from the step itself. Differences that rounding can explain are ignored.`,
      'A likely cause is named if the reference with this error reproduces all of your steps up to rounding. Two errors at once are named for adam and adamw. A check with the verdict “follows” fails because of the first difference.',
      ...(invariances ? invarianceNotes(invariances) : []),
    ],
  };
}

function summaryOf(result: OptimizerCheckResult): string {
  const { reference, departure, bugs, faults } = result;
  // A named error also explains why parameters are not finite.
  const reported = faults
    .filter(({ code }) => code !== 'notFinite' || bugs.length === 0)
    .map((fault) => `Your step ${faultText(fault)}.`);
  if (departure === null) {
    if (reported.length === 0)
      return `Your step equals ${reference.name}: all steps agree with the reference up to rounding.`;
    return reported.join(' ');
  }
  const named = bugs.map(bugText);
  const cause =
    named.length === 0
      ? ` No common error explains it. ${quantityText(result)}`
      : named.length === 1
        ? ` Likely cause: ${named[0]}.`
        : ` Each of these would explain it: ${named.join('; ')}.`;
  const subject = reported.length > 0 ? 'It' : 'Your step';
  return [...reported, `${subject} differs from ${reference.name} ${departureText(departure)}.${cause}`].join(
    ' ',
  );
}

/** The first quantity that differs, where no error is known. */
function quantityText({ quantity, reference }: OptimizerCheckResult): string {
  if (!quantity) return '';
  const { state, agreeing, ratio } = quantity;
  const agree =
    agreeing.length > 0 ? `${agreeing.join(' and ')} agree${agreeing.length === 1 ? 's' : ''}` : '';
  if (state) {
    const { name, t, coordinate, own, reference: its } = state;
    const first = `The first quantity that differs is ${name}: at step ${t}, coordinate ${coordinate}, it is ${formatApart(own, its, 4)} instead of ${formatApart(its, own, 4)}.`;
    return agree ? `${first} ${agree} until then.` : first;
  }
  const scale =
    ratio === null
      ? ''
      : ` In every coordinate it is ${formatNumber(ratio, 6)} times that of ${reference.name}.`;
  return agree
    ? `The first quantity that differs is the update, while ${agree}: check the bias correction, eps, lr and weight decay.${scale}`
    : `The first quantity that differs is the update.${scale} To have the state compared too, keep it in arrays with usual names (m, v), in state or in public fields.`;
}

function departureText({ sequence, t, coordinate, grad, before, own, reference }: Departure): string {
  const [mine, its] = [own - before, reference - before];
  return `at step ${t}, coordinate ${coordinate} (${sequence}): for gradient ${formatNumber(grad, 6)} it moves the parameter by ${formatApart(mine, its, 4)} instead of ${formatApart(its, mine, 4)}`;
}

function sentence(clause: string): string {
  return `${clause[0]!.toUpperCase()}${clause.slice(1)}.`;
}

function bugTable({ bugs }: OptimizerCheckResult): ReportTable {
  const words = { bug: 'error', form: 'other variant', option: 'other option' } as const;
  return {
    title: 'Likely causes',
    columns: [
      { title: 'cause', isNumber: false },
      { title: 'kind', isNumber: false },
      { title: 'code', isNumber: false },
    ],
    rows: bugs.map((found) => ({
      cells: [sentence(bugText(found)), words[found.kind], found.code],
      verdict: null,
      patch: null,
    })),
  };
}

/**
 * A table whose failures follow from the first departure: the same difference makes them fail, so they are no
 * further errors.
 */
function folded({ departure }: OptimizerCheckResult, table: ReportTable): ReportTable {
  if (departure === null) return table;
  const rows = table.rows.map(
    (row): ReportRow => (row.verdict === 'fail' ? { ...row, verdict: 'follows' } : row),
  );
  return { ...table, rows };
}

function comparisonTable({
  sequences,
  losses,
  faults,
  reference,
  bugs,
  departure: first,
}: OptimizerCheckResult): ReportTable {
  const has = (...codes: StepFault['code'][]) => faults.find(({ code }) => codes.includes(code));
  const health = (title: string, fault: StepFault | undefined): ReportRow => ({
    cells: [title, fault ? faultText(fault) : '', ''],
    verdict: fault ? 'fail' : 'pass',
    patch: null,
  });
  const isBroken = has('throws', 'promise', 'noVector', 'wrongLength', 'noNumber');
  return {
    title: `Your step compared with ${reference.name}`,
    columns: [
      { title: 'check', isNumber: false },
      { title: 'result', isNumber: false },
      { title: 'distance / rounding tolerance', isNumber: true },
    ],
    rows: [
      {
        ...health('runs and returns parameters', isBroken ?? has('notFinite', 'unchanged')),
        ...(!isBroken && has('notFinite') && bugs.length > 0 && { verdict: 'follows' }),
      },
      health('does not modify the gradient', has('changesGradient')),
      health('depends on its arguments only', has('notDeterministic', 'memoryOutside')),
      ...sequences.map(({ name, steps, departure, worst }): ReportRow => {
        const found = departure ? `differs ${departureText(departure)}` : `${steps} steps agree`;
        return {
          cells: [name, isBroken ? '' : found, formatNumber(worst, 2)],
          verdict: isBroken
            ? 'not applicable'
            : departure === null
              ? 'pass'
              : departure === first
                ? 'fail'
                : 'follows',
          patch: null,
        };
      }),
      ...losses.map(
        ({ name, own, reference: its, deviation, tolerance }): ReportRow => ({
          cells: [
            name,
            `final loss ${formatNumber(own, 6)}; with ${reference.name} ${formatNumber(its, 6)}`,
            Number.isNaN(deviation / tolerance) ? '' : formatNumber(deviation / tolerance, 2),
          ],
          verdict: Number.isNaN(tolerance)
            ? 'not applicable'
            : deviation <= tolerance
              ? 'pass'
              : first
                ? 'follows'
                : 'fail',
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
