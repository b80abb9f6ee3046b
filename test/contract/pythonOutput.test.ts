import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, startRun } from '../support/startRun';

const text = `import math


def half(x):
    print("half of", x)
    return math.sqrt(x) / 2


# adamscope: loss start=[1] optimizer=sgd lr=1
def raising(x: float) -> float:
    return half(x) + x * x
`;

describe('a Python loss that prints and raises', () => {
  it('passes on its lines, and its problem has the place and the traceback of its own code', async () => {
    const lines: string[] = [];
    const run = startRun(text, { file: 'raising.py' }, { onConsole: (more) => lines.push(...more) });
    const { problems } = await run.ended;
    expect(lines[0]).toBe('half of 1.0');
    expect(problems).toMatchObject([{ code: 'loss-threw', location: { line: 6 } }]);
    const stack = problems[0]!.stack!.trimEnd().split('\n');
    expect(stack[0]).toBe('Traceback (most recent call last):');
    expect(stack.filter((line) => line.startsWith('  File'))).toEqual([
      expect.stringMatching(/raising\.py", line 11, in raising$/),
      expect.stringMatching(/raising\.py", line 6, in half$/),
    ]);
    expect(stack.at(-1)).toBe('ValueError: math domain error');
  });
});

const bowl = `# adamscope: loss start=[3, 4] steps=20 optimizer=adamw weight_decay=0.1
def bowl(x: float, y: float) -> float:
    return x * x + 4 * y * y
`;

describe('the HTML report of a Python loss', () => {
  it('has the configuration as its comment writes it, and what computed the gradient', () => {
    const folder = folderWith({ 'bowl.py': bowl });
    const cli = (...args: string[]) =>
      spawnSync(process.execPath, [path.join(import.meta.dirname, '../../dist/cli.js'), ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
    const ran = cli('run', 'bowl.py#bowl', '--fix-budget', '0', '--out', 'bowl.adamscope');
    expect(ran.stderr).toBe('');
    expect(cli('report', 'bowl.adamscope', '--out', 'bowl.html').status).toBe(0);
    const page = readFileSync(path.join(folder, 'bowl.html'), 'utf8');
    const facts = page.slice(page.indexOf('<dl>'), page.indexOf('</dl>'));
    expect(facts).toMatch(/<dt>optimizer<\/dt><dd>adamw [^<]*weight_decay=0.1<\/dd>/);
    expect(facts).toContain('<dt>Gradient</dt><dd>exact, reverse mode</dd>');
    expect(facts).toMatch(/<dt>Environment<\/dt><dd>Python 3\.\d+\.\d+, cpu<\/dd>/);
  });
});
