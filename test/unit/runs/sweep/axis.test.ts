import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../../src/runs/inParallel';
import { axisOf } from '../../../../src/runs/sweep/axis';

describe('an axis of a sweep', () => {
  it.each([
    ['optimizer.lr=1e-4..1:log:5', 'optimizer.lr', [1e-4, 1e-3, 0.01, 0.1, 1]],
    ['lr=1..100:log:4', 'optimizer.lr', [1, 4.64159, 21.5443, 100]],
    ['steps=100..400:linear:4', 'steps', [100, 200, 300, 400]],
    ['lr=-1..1:linear:3', 'optimizer.lr', [-1, 0, 1]],
    ['beta2=0.9,0.99,0.999', 'optimizer.beta2', [0.9, 0.99, 0.999]],
    ['optimizer.name=adam,sgd', 'optimizer.name', ['adam', 'sgd']],
    ['clip=null', 'clip', [null]],
  ])('reads %s', (text, path, values) => {
    expect(axisOf('--x', text)).toEqual({ path, values });
  });

  it.each([
    ['lr', /^--x must be PATH=V1,V2,… or .* for example optimizer\.lr=1e-4\.\.1:log:9, got "lr"$/],
    ['=1', /^--x must be PATH/],
    ['lr=', /^--x must be PATH/],
    ['lr=1..2', /^--x must be PATH/],
    ['lr=1..b:log:3', /^--x must be PATH/],
    ['lr=1..2:cube:3', /^--x must be PATH/],
    ['lr=0..1:log:3', /^--x with log must have ends above 0, got 0\.\.1$/],
    ['lr=0..1:linear:1', /^--x must have from 2 to 1000 values, got 1$/],
    ['lr=0..1:linear:100000', /^--x must have from 2 to 1000 values, got 100000$/],
    ['lr=1..1:linear:3', /^--x contains 1 twice$/],
    ['lr=0.1,0.2,0.1', /^--x contains 0\.1 twice$/],
    ['optimizer.name=adam,', /^--x contains an empty value/],
  ])('refuses %s in one sentence', (text, message) => {
    expect(() => axisOf('--x', text)).toThrow(message);
  });
});

describe('work in parallel', () => {
  it('does at most so many at once, all of them, and begins none after a failure', async () => {
    let [active, most] = [0, 0];
    const done: number[] = [];
    const work = async (item: number) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      active--;
      if (item === 13) throw new Error('13');
      done.push(item);
    };
    const items = Array.from({ length: 12 }, (_, i) => i);
    await inParallel(3, items, work, new AbortController().signal);
    expect([most, done.sort((a, b) => a - b)]).toEqual([3, items]);
    done.length = 0;
    await expect(inParallel(1, [1, 13, 2], work, new AbortController().signal)).rejects.toThrow('13');
    expect(done).toEqual([1]);
  });
});
