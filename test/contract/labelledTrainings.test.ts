import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../.ci/pythonEnvironments.mjs';
import { catalogue } from '../../src/core/diagnosis/catalogue';
import type { Finding } from '../../src/core/diagnosis/finding';
import { openedFile } from '../../src/runs/openedFile';

const root = path.resolve(import.meta.dirname, '../..');
const scripts = path.join(root, 'test/fixtures/training');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-trainings-'));

interface Label {
  readonly script: string;
  /** null: the script is healthy. */
  readonly code: string | null;
  /** Codes of true consequences, in the comment `# then: CODE`. */
  readonly then: readonly string[];
  /** The line with the comment `# here`, 1-based; 0 for a healthy script. */
  readonly line: number;
}

/** The first line of a script is `# observes: CODE` or `# healthy`; the comment `# here` marks the line of the finding. */
const labels: readonly Label[] = readdirSync(scripts)
  .filter((name) => name.endsWith('.py') && name !== 'common.py')
  .map((script) => {
    const lines = readFileSync(path.join(scripts, script), 'utf8').split('\n');
    const code = /^# observes: (.+)$/.exec(lines[0]!)?.[1] ?? null;
    const then = lines.flatMap((line) => /^# then: (.+)$/.exec(line)?.[1] ?? []);
    return { script, code, then, line: lines.findIndex((line) => line.endsWith('# here')) + 1 };
  });
const faulty = labels.filter(({ code }) => code !== null);
const healthy = labels.filter(({ code }) => code === null);

const found = new Map<string, readonly Finding[]>();

/** The findings of all recordings of a script: it may make several optimizers. */
async function findingsOf(script: string): Promise<Finding[]> {
  const own = path.join(folder, path.basename(script, '.py'));
  const findings: Finding[] = [];
  let rows = 0;
  for (const file of readdirSync(own)
    .filter((name) => name.endsWith('.adamscope'))
    .sort()) {
    const opened = await openedFile(path.join(own, file));
    if (typeof opened === 'string') throw new Error(`${file}: ${opened}`);
    await opened.run.finished;
    rows += opened.run.trace?.rows ?? 0;
    expect(opened.run.record.problems, script).toEqual([]);
    findings.push(...opened.run.record.findings);
    await opened.store.dispose();
  }
  expect(rows, script).toBeGreaterThan(0);
  return findings;
}

function pageOf(code: string): string {
  return readFileSync(path.join(root, 'docs/diagnoses', `${code}.md`), 'utf8');
}

/** Findings that name a fault; what torch does by default is information. */
const faultsIn = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity !== 'info');

beforeAll(async () => {
  execFileSync(
    await fullPython(),
    [
      '-B',
      path.join(root, 'test/support/python/recordTrainings.py'),
      folder,
      ...labels.map(({ script }) => path.join(scripts, script)),
    ],
    { env: { ...process.env, ...fullVariables, PYTHONPATH: path.join(root, 'src/python') }, cwd: folder },
  );
  for (const { script } of labels) found.set(script, await findingsOf(script));
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('labelled training scripts', () => {
  it('are at least 40 faulty ones, two of each code', () => {
    expect(faulty.length).toBeGreaterThanOrEqual(40);
    const codes = Object.entries(catalogue).flatMap(([code, { foundBy }]) =>
      foundBy === 'recording' ? [code] : [],
    );
    // The ranks of a training are labelled in `distributed`.
    for (const code of codes.filter((each) => each !== 'ranks-differ'))
      expect(faulty.filter((label) => label.code === code).length, code).toBeGreaterThanOrEqual(2);
  });

  it.each(faulty)(
    '$script: the cause is named, at its line, and nothing else',
    ({ script, code, then, line }) => {
      const findings = found.get(script)!;
      const named = findings.filter((finding) => finding.code === code);
      expect(named.map(({ location }) => [path.basename(location!.file), location!.line])[0]).toEqual([
        script,
        line,
      ]);
      expect(
        faultsIn(findings).filter((finding) => finding.code !== code && !then.includes(finding.code)),
      ).toEqual([]);
      for (const { headline, detail } of named) {
        expect(headline.length, headline).toBeLessThanOrEqual(90);
        expect(`${headline} ${detail}`).not.toMatch(/undefined|unknown|is NaN|\[object/);
      }
    },
  );

  it.each(healthy)('$script: no warning', ({ script }) => {
    expect(faultsIn(found.get(script)!)).toEqual([]);
  });

  it.each(faulty.filter(({ script, code }) => pageOf(code!).includes(`/${script})`)))(
    '$script: the page of its code shows its finding',
    ({ script, code }) => {
      const finding = found.get(script)!.find((each) => each.code === code);
      expect(pageOf(code!)).toContain(`\n> ${finding!.headline}\n`);
    },
  );

  it('is printed by the command line, with the place in the format of compilers', () => {
    const inspect = (script: string, ...more: string[]) => {
      const [file] = readdirSync(path.join(folder, script)).filter((name) => name.endsWith('.adamscope'));
      const args = [path.join(root, 'dist/cli.js'), 'inspect', path.join(folder, script, file!), ...more];
      return spawnSync(process.execPath, args, { cwd: scripts, encoding: 'utf8' });
    };
    const faulty = inspect('clamps_weights');
    expect(faulty.status).toBe(1);
    expect(faulty.stdout).toContain(
      'clamps_weights.py:10:5: warning: 0.weight and 5 more are written outside the optimizer. [written-between]',
    );
    expect(faulty.stdout).toContain('limited to -0.1 and 0.1');
    expect(faulty.stdout).toContain('Largest updates at step 40');
    const healthy = inspect('healthy_groups', '--json');
    expect(healthy.status).toBe(0);
    const [printed] = JSON.parse(healthy.stdout);
    expect(printed).toMatchObject({ optimizer: 'AdamW', status: 'finished', problems: [] });
    expect(printed.tensors.values[0].gradNorm).toBeGreaterThan(0);
  });

  it('is no part of a step that torch compiles', () => {
    const told = readFileSync(path.join(folder, 'healthy_compiled_step/stderr'), 'utf8');
    expect(told).toContain('adamscope: watched 30 steps');
    expect(told).not.toMatch(/python\/adamscope\/\w+\.py|recompile_limit/);
  });

  it('judges as the documentation states', () => {
    const isNamed = ({ script, code }: Label) => found.get(script)!.some((finding) => finding.code === code);
    const isPlaced = ({ script, code, line }: Label) =>
      found.get(script)!.some((finding) => finding.code === code && finding.location?.line === line);
    const share = (test: (label: Label) => boolean) => faulty.filter(test).length / faulty.length;
    const warned = healthy.filter(({ script }) => faultsIn(found.get(script)!).length > 0).length;
    console.log(
      `trainings: ${faulty.length} faulty, cause named ${share(isNamed).toFixed(3)}, right line ${share(isPlaced).toFixed(3)}; ${healthy.length} healthy, ${warned} with a warning`,
    );
    expect(share(isNamed)).toBeGreaterThanOrEqual(0.95);
    expect(share(isPlaced)).toBeGreaterThanOrEqual(0.95);
    expect(warned).toBe(0);
  });
});
