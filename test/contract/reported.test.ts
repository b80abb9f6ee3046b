import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/analysis/report';
import { diagnosisLevels } from '../../src/core/diagnosis/diagnose';
import type { SourceLocation } from '../../src/core/sourceLocation';
import type { ExpectedCheck, ExpectedEvaluation, ExpectedRun, ReportCase } from '../corpus/reported/case';
import { loadPlainly } from '../support/corpus/program';
import { expectRun, type PrintedRun, textAt } from '../support/reported/expectRun';
import {
  type ReportSubject,
  reportCases,
  reportPrograms,
  reportSubjects,
} from '../support/reported/programs';
import { largestStability } from '../support/reported/stability';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');
const subjects = reportSubjects();
const cases = await reportCases();

/** A run tries its fixes, several at a time. */
const patience = 60_000;

function adamscope(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args, '--json'], { cwd: reportPrograms, encoding: 'utf8' });
}

describe('the programs of reports', () => {
  it('have one case for each annotated export, with something to expect', () => {
    expect([...cases.keys()].sort()).toEqual(subjects.map(({ name }) => name).sort());
    for (const [name, { evaluation, run, check }] of cases)
      expect(evaluation ?? run ?? check, name).toBeDefined();
    for (const { name, isStep } of subjects) expect(cases.get(name)?.check !== undefined, name).toBe(isStep);
  });
});

type Part = keyof ReportCase;

/** The subjects whose case has a part. */
function having<P extends Part>(part: P): [string, ReportSubject, NonNullable<ReportCase[P]>][] {
  return subjects.flatMap((subject) => {
    const expected = cases.get(subject.name)?.[part];
    return expected ? [[subject.name, subject, expected] as const] : [];
  }) as [string, ReportSubject, NonNullable<ReportCase[P]>][];
}

describe('adamscope run', () => {
  it.each(having('run'))(
    '%s',
    async (name, { declaration }, expected: ExpectedRun) => {
      const { stdout, stderr, status } = adamscope('run', name, '--fix-budget', '0');
      expect(stdout, stderr).not.toBe('');
      expectRun(JSON.parse(stdout) as PrintedRun, expected, declaration);
      expect(status).toBe(expected.exit);
      if (expected.isSameAtEveryLevel) expectSameSteps(name);
      if (expected.isBelowStabilityLimit) expect(await largestStability(declaration)).toBeLessThan(1);
    },
    patience,
  );
});

function expectSameSteps(name: string): void {
  const ends = diagnosisLevels.map((level) => {
    const { stdout } = adamscope('run', name, '--no-verify', '--fix-budget', '0', '--diagnosis', level);
    const { steps, final } = JSON.parse(stdout) as PrintedRun;
    return { steps, final };
  });
  for (const end of ends) expect(end).toEqual(ends[0]);
}

interface PrintedGradient {
  readonly at: readonly number[];
  readonly value: number;
  readonly grad: readonly number[];
  readonly gradientMode: string;
  readonly problems?: readonly { readonly location: SourceLocation }[];
}

describe('adamscope grad', () => {
  it.each(having('evaluation'))(
    '%s',
    async (name, { declaration }, expected: ExpectedEvaluation) => {
      const { value, gradient, mode, tolerance = 1e-14, reasonAt, differences } = expected;
      const { stdout, stderr } = adamscope('grad', name);
      const printed = JSON.parse(stdout) as PrintedGradient;
      expect(relativeError([printed.value], [value])).toBeLessThan(1e-14);
      const [file] = name.split('#') as [string];
      const plain = await loadPlainly(reportPrograms, { file, loss: declaration.name });
      expect(printed.value).toBe(plain(printed.at, { step: 1, epoch: 0, indices: [], random: Math.random }));
      expect(printed.gradientMode).toBe(mode);
      expect(relativeError(printed.grad, gradient)).toBeLessThanOrEqual(tolerance);
      expect(printed.problems?.map(({ location }) => textAt(location))).toEqual(reasonAt && [reasonAt]);
      expect(stderr === '', stderr).toBe(reasonAt === undefined);
      if (differences !== undefined) expectDifferences(name, gradient, differences);
    },
    patience,
  );
});

/** The first step of gradient descent shows the gradient that the run uses. */
function expectDifferences(name: string, gradient: readonly number[], tolerance: number): void {
  const steps = [
    '--optimizer',
    'sgd',
    '--lr',
    '1',
    '--steps',
    '1',
    '--set',
    'gradientMode=finite-difference',
  ];
  const { stdout } = adamscope('run', name, '--no-verify', '--fix-budget', '0', ...steps);
  const { config, final, gradientMode } = JSON.parse(stdout);
  expect(gradientMode).toBe('finite-difference');
  const grad = (config.start as number[]).map((x, i) => x - final.params[i]);
  expect(relativeError(grad, gradient)).toBeLessThan(tolerance);
}

/** The largest difference, relative to the largest expected value; 0 for equal values. */
function relativeError(values: readonly number[], expected: readonly number[]): number {
  expect(values).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs)) || 1;
  return Math.max(...expected.map((each, i) => Math.abs(values[i]! - each) / scale));
}

describe('adamscope invariances', () => {
  it.each(having('check'))('%s', (name, _, expected: ExpectedCheck) => {
    const { stdout, status } = adamscope('invariances', name);
    const { problem, tables } = JSON.parse(stdout) as Report;
    const verdicts = tables.flatMap(({ rows }) => rows.map(({ verdict }) => verdict));
    const failed = verdicts.filter((verdict) => verdict === 'fail');
    expect(status).toBe(expected.passes ? 0 : 1);
    if (expected.passes) {
      expect(problem).toBeUndefined();
      expect(failed).toEqual([]);
      return;
    }
    expect(problem).toMatch(expected.departsAt);
    expect(problem).toMatch(expected.slip);
    // All other differences follow from the first one.
    expect(failed).toHaveLength(1);
    expect(tables.find(({ title }) => title === 'Likely causes')?.rows).toHaveLength(1);
  });
});
