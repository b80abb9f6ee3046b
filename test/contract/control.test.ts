import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { recordPlaces } from '../../src/core/trace/layout';
import { type StartedRun, startRun } from '../support/startRun';

const bowl = `/** @start [3, 4] */
export function loss([x, y]: number[]): number { return x * x + y * y; }
`;
const slow = `/** @start [3, 4] */
export function loss([x, y]: number[]): number {
  const until = performance.now() + 1;
  while (performance.now() < until);
  return x * x + y * y;
}
`;

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 5000) throw new Error(`timed out waiting for: ${what}`);
    await sleep(5);
  }
}

const steps = (run: StartedRun) => run.trace?.steps ?? 0;

describe('the control of a run', () => {
  it('pauses, makes single steps, and continues', async () => {
    const run = startRun(bowl, { patch: { steps: 40 }, paused: true });
    await until(() => run.trace !== null, 'the module is loaded');
    await sleep(60);
    expect(steps(run)).toBe(0);
    run.step();
    await until(() => steps(run) === 1, 'one step');
    run.step();
    run.step();
    await until(() => steps(run) === 3, 'two more steps');
    await sleep(60);
    expect(steps(run)).toBe(3);
    run.resume();
    const { outcome } = await run.ended;
    expect(outcome).toMatchObject({ steps: 40, stopped: 'steps' });
  });

  it('pauses a synchronous loop in progress', async () => {
    const run = startRun(slow, { patch: { steps: 10_000 } });
    await until(() => steps(run) > 2, 'a few steps');
    run.pause();
    await sleep(100);
    const paused = steps(run);
    await sleep(100);
    expect(steps(run)).toBe(paused);
    run.resume();
    await until(() => steps(run) > paused, 'more steps');
  });

  it('changes the learning rate from the next step on', async () => {
    const run = startRun(bowl, { patch: { steps: 4, optimizer: { lr: 0.1 } }, paused: true });
    await until(() => run.trace !== null, 'the module is loaded');
    run.step();
    await until(() => steps(run) === 1, 'one step');
    run.setLr(0.5);
    run.resume();
    await run.ended;
    expect([0, 1, 2, 3].map((row) => run.trace!.at(row, recordPlaces.lr))).toEqual([0.1, 0.5, 0.5, 0.5]);
  });

  it('stops between two steps, with the last point evaluated', async () => {
    const run = startRun(slow, { patch: { steps: 10_000 } });
    await until(() => steps(run) > 2, 'a few steps');
    run.stop();
    const { outcome } = await run.ended;
    expect(outcome?.stopped).toBe('user');
    const [x, y] = outcome!.final.params;
    expect(outcome?.final.loss).toBe(x! * x! + y! * y!);
  });

  it('stops a loss that does not return within a second, and reports the steps so far', async () => {
    const endless = bowl.replace('return', 'while (y < 3.998); return');
    const run = startRun(endless, { patch: { optimizer: { lr: 0.001 } } });
    await until(() => steps(run) >= 2, 'two steps');
    const asked = performance.now();
    run.stop();
    const { outcome, problems } = await run.ended;
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(problems).toEqual([]);
    expect(outcome?.stopped).toBe('user');
    expect(outcome?.steps).toBe(steps(run));
    expect(outcome?.final.params[1]).toBeLessThan(4);
    expect(outcome?.best.loss).toBeLessThan(25);
  });
});

describe('the ring buffer', () => {
  it('loses no step of a fast run', async () => {
    const seen: number[] = [];
    const run = startRun(
      bowl,
      { patch: { steps: 100_000 } },
      { onRecord: (data, offset) => seen.push(data[offset]!) },
    );
    await run.ended;
    expect(seen).toHaveLength(100_000);
    expect(seen.every((t, i) => t === i + 1)).toBe(true);
  });

  it('transfers records of 20,000 coordinates', async () => {
    const text = `export const lossStart = Array.from({ length: 20_000 }, (_, i) => i % 7);
/** @gradient grad */
export function loss(p: number[]): number { return p.reduce((sum, x) => sum + x * x, 0); }
export const grad = (p: number[]) => p.map((x) => 2 * x);
`;
    const run = startRun(text, { patch: { steps: 12 }, recordBudget: Number.POSITIVE_INFINITY });
    const { outcome, problems } = await run.ended;
    expect(problems).toEqual([]);
    expect(run.trace!.layout.coordinates).toHaveLength(20_000);
    const place = run.trace!.placeOf('params', 19_999);
    expect(run.trace!.lastAt(place)).toBe(outcome!.final.params[19_999]);
  });
});
