import { describe, expect, it } from 'vitest';
import { startRun } from '../support/startRun';

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
