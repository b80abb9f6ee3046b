import type { Expectation } from '../core/config/runConfig';
import { type ExpectationResult, expectationWords } from '../core/expectation';
import { toJson } from '../core/numerics/json';
import { lineAfterFile, lineOf } from '../core/sourceLocation';
import type { LossDeclaration } from '../loss/declaration';
import { placeOfValue } from '../loss/places/optionPlace';
import type { BadInput } from './badInput';
import { findingLines } from './findingLines';
import { display } from './findLosses';
import { workflowCommand } from './githubCommands';
import { type JunitCase, type JunitProblem, junitXml } from './junit';
import type { RunReport } from './runToEnd';

/** A loss whose expectation was checked. */
export interface Checked {
  readonly declaration: LossDeclaration;
  readonly expect: Expectation;
  readonly result: ExpectationResult;
  readonly report: RunReport;
  readonly passed: boolean;
}

/** A loss that could not be run, or a path without one. */
export interface Unchecked {
  /** The loss, or the path. */
  readonly what: LossDeclaration | string;
  readonly error: BadInput;
  readonly elapsedMs: number;
}

/**
 * Writes to stdout during the checks and at their end. Errors are also printed on stderr, in every format.
 */
export interface CheckFormat {
  checked(checked: Checked): void;
  bad(unchecked: Unchecked): void;
  end(all: readonly Checked[], errors: readonly Unchecked[]): void;
}

export const formats: Readonly<Record<string, CheckFormat>> = {
  text: {
    checked: (checked) => console.log([headline(checked), ...lines(checked)].join('\n')),
    bad() {},
    end: printSummary,
  },
  github: {
    checked: (checked) => console.log([headline(checked), ...commands(checked)].join('\n')),
    bad: ({ error: { message, location } }) =>
      console.log(workflowCommand('error', { title: 'adamscope check', location }, message)),
    end: printSummary,
  },
  json: {
    checked() {},
    bad() {},
    end: (all, errors) => console.log(toJson(objectOf(all, errors), 2)),
  },
  junit: {
    checked() {},
    bad() {},
    end: (all, errors) => console.log(junitXml([...all.map(caseOf), ...errors.map(caseOfError)])),
  },
};

function headline({ declaration, expect, result, passed }: Checked): string {
  const { name, file, location } = declaration;
  return `${passed ? 'ok  ' : 'FAIL'}  ${name} (${display(file)}:${lineAfterFile(location)}): ${expectationWords(expect, result)}`;
}

function lines({ report }: Checked): string[] {
  return report.findings
    .filter(({ severity }) => severity !== 'info')
    .flatMap(findingLines)
    .map((line) => `      ${line}`);
}

function commands({ declaration, expect, result, report }: Checked): string[] {
  const { name, file } = declaration;
  const findings = report.findings.map(({ code, severity, message, advice, location, fixes }) =>
    workflowCommand(
      severity === 'info' ? 'notice' : severity,
      { title: `${code} in ${name}`, location },
      [message, advice, ...fixes.map(({ title }) => `try ${title}`)].join('\n'),
    ),
  );
  if (result.met) return findings;
  const place = placeOfValue(declaration, ['expect'], []) ?? declaration.location;
  const location = { ...place, file: display(file) };
  const failed = workflowCommand(
    'error',
    { title: `expectation of ${name}`, location },
    expectationWords(expect, result),
  );
  return [failed, ...findings];
}

function printSummary(all: readonly Checked[], errors: readonly Unchecked[]): void {
  const { passed, failed } = countsOf(all);
  const bad = errors.length === 0 ? '' : `, ${errors.length} could not be checked`;
  console.log(`${passed} passed, ${failed} failed${bad}`);
}

function objectOf(all: readonly Checked[], errors: readonly Unchecked[]) {
  return {
    losses: all.map(({ declaration: { file, name, location }, expect, result, report, passed }) => ({
      loss: { file: display(file), name, ...lineOf(location) },
      expect,
      ...result,
      passed,
      run: report,
    })),
    ...countsOf(all),
    errors: errors.map(({ error }) => error.message),
  };
}

function caseOf(checked: Checked): JunitCase {
  const { declaration, passed, report } = checked;
  return {
    ...placeOf(declaration),
    seconds: report.elapsedMs / 1000,
    problem: passed ? null : failureOf(checked),
    output: report.findings
      .filter(({ severity }) => severity !== 'info')
      .flatMap(findingLines)
      .join('\n'),
  };
}

/** An expectation that is not met comes before the findings, which are likely its cause. */
function failureOf({ expect, result, report }: Checked): JunitProblem {
  const words = expectationWords(expect, result);
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  const body = [words, ...report.findings.flatMap(findingLines)].join('\n');
  return result.met
    ? { kind: 'failure', type: errors[0]!.code, message: errors[0]!.headline, body }
    : { kind: 'failure', type: 'expectation', message: words, body };
}

function caseOfError({ what, error, elapsedMs }: Unchecked): JunitCase {
  const { message } = error;
  const place =
    typeof what === 'string' ? { file: what, name: 'adamscope check', line: null } : placeOf(what);
  return {
    ...place,
    seconds: elapsedMs / 1000,
    problem: { kind: 'error', type: 'not-run', message, body: message },
    output: '',
  };
}

function placeOf({ file, name, location }: LossDeclaration): Pick<JunitCase, 'file' | 'name' | 'line'> {
  // A reader counts the lines of the file, which are not those of a cell.
  return { file: display(file), name, line: location.cell === undefined ? location.line : null };
}

function countsOf(all: readonly Checked[]) {
  const passed = all.filter((checked) => checked.passed).length;
  return { passed, failed: all.length - passed };
}
