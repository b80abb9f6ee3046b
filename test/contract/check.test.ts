import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const good = `/**
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 100
 * @expect loss<1e-8 within 60
 */
export const bowl = ([x]: number[]) => x * x;
`;

const slow = `/** @loss @start [3] @optimizer sgd lr=0.1 @steps 100 @expect loss<1e-8 within 10 */
export const slow = ([x]: number[]) => x * x;
`;

/** The expectation is met at the start, but the run diverges. */
const diverging = `/**
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60
 * @expect loss<100
 */
export const steep = ([x, y]: number[]) => 0.5 * (100 * x ** 2 + y ** 2);
`;

/** A loss that throws at its first step. */
const thrower = `/** @loss @start [3] @expect loss<1 */
export const thrower = ([x]: number[]): number => {
  throw new Error('50% of it, all: lost\\nfor good');
};
`;

/**
 * Runs the command without the variable that contains the path of a checkout. In hosted CI, the test itself
 * runs in a checkout.
 */
function check(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { GITHUB_WORKSPACE: _, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...rest, ...env },
  });
  return { status, stdout, stderr };
}

describe('adamscope check', () => {
  it('exits with 0 and prints one line per loss if all expectations are met', () => {
    const cwd = folderWith({ 'good.ts': good, 'other.ts': good.replace('bowl', 'bowl2') });
    expect(check(cwd, ['.'])).toEqual({
      status: 0,
      stdout:
        'ok    bowl (good.ts:8): expected loss < 1e-8 within 60 steps: reached 2.11e-11 at step 60 ✓\n' +
        'ok    bowl2 (other.ts:8): expected loss < 1e-8 within 60 steps: reached 2.11e-11 at step 60 ✓\n' +
        '2 passed, 0 failed\n',
      stderr: '',
    });
  });

  it('exits with 1 if the expectation of a loss is not met', () => {
    const cwd = folderWith({ 'good.ts': good, 'slow.ts': slow });
    const { status, stdout } = check(cwd, ['.']);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'FAIL  slow (slow.ts:2): expected loss < 1e-8 within 10 steps: reached 0.104 at step 10 ✗\n',
    );
    expect(stdout).toContain('1 passed, 1 failed\n');
  });

  it('exits with 1 at a finding of severity error, even if the expectation is met, and prints place and fixes', () => {
    const { status, stdout } = check(folderWith({ 'steep.ts': diverging }), ['steep.ts', '--no-verify']);
    expect(status).toBe(1);
    const [headline, finding, detail, advice, fix] = stdout.split('\n');
    expect(headline).toBe('FAIL  steep (steep.ts:8): expected loss < 100: reached 50.5 at step 0 ✓');
    expect(finding).toMatch(/^ {6}steep\.ts:4:19: error: The loss .* \[divergence\]$/);
    expect(detail).toMatch(/^ {10}The loss has been above its starting value .*\.$/);
    expect(advice).toBe('          Decrease lr or clip the gradient norm.');
    expect(fix).toBe('          try lr 0.01');
  });

  it('takes files, folders and FILE#NAME, checks each loss once, and prints relative paths', () => {
    const cwd = folderWith({ 'two.ts': good + slow });
    mkdirSync(path.join(cwd, 'deep/er'), { recursive: true });
    writeFileSync(path.join(cwd, 'deep/er/good.ts'), good);
    const names = (...args: string[]) =>
      check(cwd, args)
        .stdout.split('\n')
        .flatMap((line) => /\w+ \([^)]*\)/.exec(line)?.[0] ?? []);
    expect(names('two.ts#bowl')).toEqual(['bowl (two.ts:8)']);
    expect(names('.', 'two.ts', 'two.ts#slow', './two.ts')).toEqual([
      'bowl (deep/er/good.ts:8)',
      'bowl (two.ts:8)',
      'slow (two.ts:10)',
    ]);
    const above = check(path.join(cwd, 'deep'), ['../two.ts#bowl']);
    expect(above.stdout).toContain('ok    bowl (../two.ts:8)');
  });

  it('reports losses that cannot be run, checks the others, and exits with 2', () => {
    const cwd = folderWith({
      'a.ts': thrower,
      'b.ts': good.replace('1e-8', 'tiny'),
      'c.ts': good.replace('export ', ''),
      'd.ts': good.replace('x * x', 'x *'),
      'e.ts': good.replace(' * @start [3]\n', ''),
      'f.ts': good,
    });
    const { status, stdout, stderr } = check(cwd, ['nowhere', 'f.ts#bowls', '.']);
    expect(status).toBe(2);
    expect(stdout).toBe(
      'ok    bowl (f.ts:8): expected loss < 1e-8 within 60 steps: reached 2.11e-11 at step 60 ✓\n' +
        '1 passed, 0 failed, 7 could not be checked\n',
    );
    expect(stderr.trimEnd().split('\n')).toEqual([
      'adamscope: there is no file or folder nowhere',
      'adamscope: f.ts has no function bowls; did you mean bowl?',
      'adamscope: a.ts:3:9: thrower failed at step 1: Error: 50% of it, all: lost for good',
      'adamscope: b.ts:6:17: tiny is not a number',
      'adamscope: c.ts:8:7: bowl is not exported, so it cannot be loaded: write export before it',
      expect.stringMatching(/^adamscope: d\.ts:8:\d+: syntax error/),
      expect.stringMatching(/^adamscope: the start of bowl is unknown/),
    ]);
  });

  it('ends a loss that hangs at the time limit', () => {
    const cwd = folderWith({
      'hang.ts':
        '/** @loss @start [1] @expect loss<1 */\nexport const hang = ([x]: number[]) => { for (;;); };\n',
    });
    expect(check(cwd, ['.', '--timeout', '300'])).toMatchObject({
      status: 2,
      stderr: 'adamscope: hang.ts:2:14: hang did not return within 0.3 s and was stopped (--timeout)\n',
    });
  });

  it('warns about an expectation with more steps than the run, and checks it nevertheless', () => {
    const cwd = folderWith({ 'far.ts': good.replace('within 60', 'within 5000') });
    expect(check(cwd, ['.'])).toMatchObject({
      status: 0,
      stderr:
        'adamscope: warning: far.ts:6:12: the run has 100 steps, but the expectation allows 5000: only the first 100 are checked\n',
    });
  });

  it.each<[args: string[], message: string]>([
    [['.'], 'no loss in . has @expect: write, for example, @expect loss<1e-8 within 5000 above one'],
    [
      ['plain.ts#loss'],
      'plain.ts#loss has no @expect: write, for example, @expect loss<1e-8 within 5000 above it',
    ],
    [['.', '--format', 'xml'], '--format: unknown format xml; available: text, github, json, junit'],
    [
      ['.', '--format', 'toString'],
      '--format: unknown format toString; available: text, github, json, junit',
    ],
    [['.', '--timeout', '0'], '--timeout must be a number of milliseconds above 0, got 0'],
    [[], "missing required argument 'paths'"],
  ])('%j is bad input: one line on stderr, and exit code 2', (args, message) => {
    const cwd = folderWith({ 'plain.ts': 'export const loss = ([x]: number[]) => x;\n' });
    const { status, stderr } = check(cwd, args);
    expect([status, stderr.trimEnd()]).toEqual([2, `adamscope: ${message}`]);
  });
});

describe('adamscope check --format json', () => {
  it('prints one object that contains the output of run --json for every loss', () => {
    const cwd = folderWith({ 'good.ts': good, 'slow.ts': slow, 'thrower.ts': thrower });
    const { status, stdout } = check(cwd, ['.', '--format', 'json']);
    expect(status).toBe(2);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      losses: [
        {
          loss: { file: 'good.ts', name: 'bowl', line: 8 },
          expect: { loss: 1e-8, steps: 60 },
          met: true,
          reached: { loss: expect.closeTo(9 * 0.8 ** 120, 15), t: 60 },
          // 9 · 0.8^2t < 1e-8
          metAt: 47,
          passed: true,
        },
        {
          loss: { file: 'slow.ts', name: 'slow', line: 2 },
          met: false,
          reached: { loss: expect.closeTo(9 * 0.8 ** 20, 12), t: 10 },
          metAt: null,
          passed: false,
        },
      ],
      passed: 1,
      failed: 1,
      errors: [expect.stringMatching(/^thrower\.ts:3:9: /)],
    });
    const run = spawnSync(process.execPath, [cli, 'run', 'good.ts#bowl', '--json'], {
      cwd,
      encoding: 'utf8',
    });
    const { elapsedMs: _, ...alone } = JSON.parse(run.stdout);
    expect(report.losses[0].run).toEqual({ ...alone, elapsedMs: expect.any(Number) });
  });
});

describe('adamscope check --format github', () => {
  const commands = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('::'));

  it('annotates expectations, findings and losses that cannot be run, at their places', () => {
    const cwd = folderWith({
      'good.ts': good,
      'slow.ts': slow,
      'steep.ts': diverging,
      'thrower.ts': thrower,
    });
    const { status, stdout } = check(cwd, ['.', '--format', 'github', '--no-verify']);
    expect(status).toBe(2);
    expect(commands(stdout)).toEqual([
      '::error file=slow.ts,line=1,endLine=1,col=63,endColumn=82,title=expectation of slow::expected loss < 1e-8 within 10 steps: reached 0.104 at step 10 ✗',
      expect.stringMatching(
        /^::error file=steep\.ts,line=4,endLine=4,col=19,endColumn=26,title=divergence in steep::The loss .*%0Atry lr 0\.01%0A/,
      ),
      '::error file=thrower.ts,line=3,endLine=3,col=9,endColumn=18,title=adamscope check::thrower.ts:3:9: thrower failed at step 1: Error: 50%25 of it, all: lost for good',
    ]);
    expect(stdout).toContain('ok    bowl (good.ts:8)');
  });

  it('escapes characters that would end a property, and annotates warnings and notes of passed checks', () => {
    const name = 'a,b:c%d.ts';
    const cwd = folderWith({
      [name]: slow,
      'flat.ts':
        '/** @loss @start [500] @optimizer adam lr=0.001 @steps 300 @expect loss<1e6 */\nexport const far = ([x]: number[]) => x * x;\n',
      'still.ts':
        '/** @loss @start [1] @optimizer sgd lr=0.1 @steps 3000 @expect loss<2 */\nexport const still = ([x]: number[]) => x * x;\n',
    });
    const { status, stdout } = check(cwd, ['.', '--format', 'github', '--no-verify']);
    expect(status).toBe(1);
    const [escaped, warning, notice] = commands(stdout);
    expect(escaped).toMatch(/^::error file=a%2Cb%3Ac%25d\.ts,line=1,/);
    expect(warning).toMatch(
      /^::warning file=flat\.ts,line=1,endLine=1,col=40,endColumn=48,title=plateau in far::/,
    );
    expect(notice).toMatch(
      /^::notice file=still\.ts,line=2,endLine=2,col=14,endColumn=19,title=plateau in still::/,
    );
  });

  it('prints paths relative to the root of the checkout, from any working directory in it', () => {
    const root = folderWith({});
    mkdirSync(path.join(root, 'packages/fit'), { recursive: true });
    writeFileSync(path.join(root, 'packages/fit/slow.ts'), slow);
    const places = (workspace: string) =>
      commands(
        check(path.join(root, 'packages'), ['fit', '--format', 'github'], { GITHUB_WORKSPACE: workspace })
          .stdout,
      ).map((line) => /file=([^,]*)/.exec(line)?.[1]);
    expect(places(root)).toEqual(['packages/fit/slow.ts']);
    expect(places(path.join(root, 'elsewhere'))).toEqual(['fit/slow.ts']);
  });
});

describe('adamscope check --format junit', () => {
  /** The report as another parser reads it: for each suite its name, and its cases with their problem. */
  function read(xml: string): unknown {
    const script = `
import json, sys
import xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([root.tag, [[suite.get("name"), [[dict(case.attrib), [[each.tag, dict(each.attrib), each.text] for each in case]]
                                                  for case in suite]] for suite in root]]))`;
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it('prints XML with what was expected and reached, the findings, and losses that cannot be run', () => {
    const loud = thrower.replace('50% of it', '\\u001b[31m<50%> &');
    const cwd = folderWith({ 'good.ts': good, 'slow.ts': slow, 'steep.ts': diverging, 'thrower.ts': loud });
    const { status, stdout } = check(cwd, ['.', 'nowhere', '--format', 'junit', '--no-verify']);
    expect(status).toBe(2);
    const time = expect.stringMatching(/^\d+\.\d{3}$/);
    const missed = 'expected loss < 1e-8 within 10 steps: reached 0.104 at step 10 ✗';
    const thrown = 'thrower.ts:3:9: thrower failed at step 1: Error: \\x1b[31m<50%> &, all: lost for good';
    expect(read(stdout)).toEqual([
      'testsuites',
      [
        ['good.ts', [[{ classname: 'good.ts', name: 'bowl', file: 'good.ts', line: '8', time }, []]]],
        [
          'slow.ts',
          [
            [
              { classname: 'slow.ts', name: 'slow', file: 'slow.ts', line: '2', time },
              [['failure', { type: 'expectation', message: missed }, expect.stringContaining(missed)]],
            ],
          ],
        ],
        [
          'steep.ts',
          [
            [
              { classname: 'steep.ts', name: 'steep', file: 'steep.ts', line: '8', time },
              [
                [
                  'failure',
                  { type: 'divergence', message: expect.stringMatching(/^The loss diverges/) },
                  expect.stringMatching(
                    /^expected loss < 100.*✓\nsteep\.ts:4:19: error: .*\n(.*\n)+ {4}try lr 0\.01/,
                  ),
                ],
              ],
            ],
          ],
        ],
        [
          'nowhere',
          [
            [
              { classname: 'nowhere', name: 'adamscope check', file: 'nowhere', time },
              [['error', expect.anything(), 'there is no file or folder nowhere']],
            ],
          ],
        ],
        [
          'thrower.ts',
          [
            [
              { classname: 'thrower.ts', name: 'thrower', file: 'thrower.ts', line: '2', time },
              [['error', { type: 'not-run', message: thrown }, thrown]],
            ],
          ],
        ],
      ],
    ]);
  });
});

it('a run whose expectation is not met exits with 1 and reports this', () => {
  const cwd = folderWith({ 'good.ts': good, 'slow.ts': slow });
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli, 'run', ...args], { cwd, encoding: 'utf8' });
  const words = 'expected loss < 1e-8 within 10 steps: reached 0.104 at step 10 ✗\n';
  expect(run('good.ts#bowl').status).toBe(0);
  expect(run('slow.ts#slow')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(words),
    stderr: '',
  });
  expect(run('slow.ts#slow', '--json')).toMatchObject({ status: 1, stderr: `adamscope: ${words}` });
});

it('the samples meet their expectations', () => {
  const { status, stdout } = check(path.join(import.meta.dirname, '../..'), ['media/samples']);
  expect([status, stdout.match(/^ok {4}\w+/gm)]).toEqual([
    0,
    ['ok    himmelblau', 'ok    logisticLoss', 'ok    moons', 'ok    springs'],
  ]);
  expect(stdout).toContain('4 passed, 0 failed');
});
