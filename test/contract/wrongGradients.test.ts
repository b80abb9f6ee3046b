import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const files = {
  'a.ts': `
export const halved = ([x, y]: number[]) => [2 * (x! - 1), y! - 2];
/**
 * The second component is half of the right one, and 0 at the same point.
 * @loss
 * @start [0, 0]
 * @gradient halved
 * @optimizer sgd lr=0.4
 * @steps 100
 */
export const reached = ([x, y]: number[]) => (x! - 1) ** 2 + (y! - 2) ** 2;

export const withoutPenalty = ([x, y]: number[]) => [2 * (x! - 1), 2 * (y! - 2)];
/**
 * The penalty has no part in the gradient, so the run ends at (1, 2), where the loss falls towards 0.
 * @loss
 * @start [2, 4]
 * @gradient withoutPenalty
 * @optimizer sgd lr=0.4
 * @steps 100
 */
export const missed = ([x, y]: number[]) => (x! - 1) ** 2 + (y! - 2) ** 2 + 0.5 * (x! ** 2 + y! ** 2);
`,
} as const;

interface Run {
  readonly verdict: { readonly kind: string };
  readonly findings: readonly { readonly code: string }[];
}

function run(name: string): Run {
  const { stdout } = spawnSync(process.execPath, [cli, 'run', `a.ts#${name}`, '--json', '--no-verify'], {
    cwd: folderWith(files),
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as Run;
}

describe('a run with a wrong gradient', () => {
  it('has converged where a search along the right gradient finds no lower loss', () => {
    const { verdict, findings } = run('reached');
    expect(findings.map(({ code }) => code)).toEqual(['gradient-mismatch']);
    expect(verdict.kind).toBe('converged');
  });

  it('is stalled where that search finds one', () => {
    const { verdict, findings } = run('missed');
    expect(findings.map(({ code }) => code)).toEqual(['gradient-mismatch']);
    expect(verdict.kind).toBe('stalled');
  });
});
