import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, Fix, FixOutcome } from '../../src/core/diagnosis/finding';
import type { SourceEdit } from '../../src/core/sourceEdit';
import { editedSource, editedText } from '../../src/loss/editedSource';
import { planRun } from '../../src/loss/plan';
import { ActiveVerification } from '../../src/runner/activeVerification';
import { RunJob } from '../../src/runner/runJob';
import { faultCase, faultPrograms } from '../support/faults/cases';
import { lossAt } from '../support/lossAt';
import { readPrinted } from '../support/printedJson';
import { folderWith, jobs } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');
const limits = { evaluationTimeoutMs: 30_000, memoryLimitMb: 2048 };
const labelled = faultPrograms()
  .map(faultCase)
  .filter(({ edit }) => edit !== null);

describe('edits of the source for the labelled runs', () => {
  it.each(labelled.map((each) => [each.name, each] as const))('%s', async (_name, { declaration, edit }) => {
    const { config, source } = planRun(declaration, { below: [], above: [] });
    const run = async (of: typeof source) => {
      let findings: readonly Finding[] = [];
      const active = new RunJob(jobs, { source: of, config, limits });
      active.open({
        onFindings: (found) => {
          findings = found;
        },
      });
      const { outcome } = await active.ended;
      const { final, best, steps, stopped, verdict } = outcome!;
      const reached: FixOutcome = { loss: final.loss, bestLoss: best.loss, steps, stopped };
      return { findings, verdict, reached, final, best };
    };
    const { findings, verdict, reached: before } = await run(source);
    const job = { kind: 'verify', config, diagnosis: 'full', findings, verdict, budget: null } as const;
    const { fixes, ofVerdict } = await new ActiveVerification(jobs, { source, limits, job }, () => {}).ended;
    const offered = [...fixes.flat(), ...ofVerdict.fixes].filter((fix) => fix.edit);
    const labels = offered.map(({ words }) => words!.label);
    if (edit === 'none') expect(labels).toEqual([]);
    else expect(labels).toContain(edit);
    for (const fix of offered) {
      const { reached, final, best } = await run(editedSource(source, fix.edit!)!);
      expect(fix.verified!.before, fix.title).toEqual(before);
      // A function near the loss has other values.
      const loss = fix.words!.loss.startsWith('unedited')
        ? await lossAt(declaration, final.params)
        : reached.loss;
      const bestLoss =
        loss === reached.loss ? reached.bestLoss : Math.min(loss, await lossAt(declaration, best.params));
      expect(fix.verified!.after, fix.title).toEqual({ ...reached, loss, bestLoss });
    }
  });
});

const text = `/**
 * @loss
 * @start [2]
 * @optimizer sgd lr=3
 * @steps 100
 */
export function distance([x]: number[]): number {
  return Math.log(Math.exp(400 * x!) + Math.exp(-400 * x!)) / 400;
}
`;

interface Printed {
  readonly final: { readonly loss: number };
  readonly findings: readonly {
    readonly fixes: readonly (Omit<Fix, 'edit'> & { readonly edit?: SourceEdit })[];
  }[];
}

describe('the command line', () => {
  const print = (folder: string, ...flags: string[]) =>
    spawnSync(process.execPath, [cli, 'run', 'loss.ts#distance', '--fix-budget', '0', ...flags], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;

  it('prints an edit with its place and outcome, and does not touch the file', () => {
    const folder = folderWith({ 'loss.ts': text });
    const { findings } = readPrinted(print(folder, '--json')) as Printed;
    const [fix] = findings[0]!.fixes;
    expect(Object.keys(fix!).sort()).toEqual(['edit', 'id', 'title', 'verified']);
    expect(fix!.edit).toEqual({
      location: { file: 'loss.ts', line: 8, column: 10, endLine: 8, endColumn: 60 },
      before: 'Math.log(Math.exp(400 * x!) + Math.exp(-400 * x!))',
      after:
        '((400 * x!) > (-400 * x!) ? (400 * x!) + Math.log1p(Math.exp((-400 * x!) - (400 * x!))) : (-400 * x!) + Math.log1p(Math.exp((400 * x!) - (-400 * x!))))',
    });
    expect(readFileSync(path.join(folder, 'loss.ts'), 'utf8')).toBe(text);
    const edited = folderWith({ 'loss.ts': editedText(text, fix!.edit!)! });
    const after = readPrinted(print(edited, '--json', '--no-verify')) as Printed;
    expect(fix!.verified!.after.loss).toBe(after.final.loss);
  });

  it('shows the expression and its replacement as text', () => {
    const printed = print(folderWith({ 'loss.ts': text }));
    expect(printed).toMatch(
      /try log-sum-exp with the maximum subtracted: reaches .*\n +line 8:\n +- Math\.log\(.{30,100}\n +\+ \(.{80,100}…\n/,
    );
  });
});
