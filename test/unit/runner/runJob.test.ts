import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { layoutOf } from '../../../src/core/trace/layout';
import { packedLayout } from '../../../src/core/trace/packedLayout';
import type { JobRequest } from '../../../src/protocol/jobProcess';
import type { OutcomeMessage } from '../../../src/protocol/worker';
import type { Ending } from '../../../src/runner/endings';
import type { JobLauncher } from '../../../src/runner/jobProcesses';
import type { JobListener } from '../../../src/runner/processJob';
import { RunJob } from '../../../src/runner/runJob';
import { someVerdict } from '../../support/verdicts';
import { location, request } from './doubleChild';

const { config } = resolveConfig([{ steps: 3, start: [1, 2], expect: { loss: 3, steps: null } }]);
const layout = layoutOf(config, 2, Number.POSITIVE_INFINITY);
const start = [1, 2];

/** t, loss, gradNorm, clipFactor, lr | params | grad | update | m | v */
const record = (t: number, loss: number, x: number, y: number) => [
  t,
  loss,
  1,
  1,
  0.1,
  x,
  y,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
];
const records = Float64Array.from([
  ...record(1, 5, 0.9, 1.9),
  ...record(2, 2, 0.8, 1.8),
  ...record(3, 4, 0.7, 1.7),
]);

/** A run whose process is simulated by the test. */
function openRun() {
  let listener!: JobListener;
  let finish!: (ending: Ending) => void;
  const asked: string[] = [];
  const requests: JobRequest[] = [];
  const launcher: JobLauncher = {
    start(given, listening) {
      requests.push(given);
      listener = listening;
      return {
        control: {
          pause: () => asked.push('pause'),
          resume: () => asked.push('resume'),
          step: () => asked.push('step'),
          setLr: (lr) => asked.push(`lr ${lr}`),
          setStops: () => asked.push('stops'),
        },
        ended: new Promise((resolve) => {
          finish = resolve;
        }),
        stop: () => asked.push('stop'),
      };
    },
  };
  const run = new RunJob(launcher, { source: request.source, limits: request.limits, config });
  const told: string[] = [];
  run.open({
    onOpened: (opened) => told.push(`opened ${opened.gradientMode}`),
    onRecord: (data, offset) => told.push(`t ${data[offset]}`),
    onSteps: () => told.push('steps'),
    onGradientMode: (mode) => told.push(mode),
  });
  const load = () =>
    listener.onEvent({
      type: 'loaded',
      start,
      layout: packedLayout(layout),
      gradientMode: 'exact',
      texts: [],
    });
  return { run, asked, requests, told, load, listener, finish };
}

const outcome: OutcomeMessage = {
  steps: 3,
  stopped: 'steps',
  final: { params: Float64Array.of(0.7, 1.7), loss: 1, gradNorm: 1 },
  best: { params: Float64Array.of(0.7, 1.7), loss: 1, t: 3 },
  verdict: someVerdict,
};

describe('a run in a process, as a source of steps', () => {
  it('reports its opening first, then each record and each batch', () => {
    const { told, load, listener, requests } = openRun();
    load();
    listener.onRecords!(records);
    listener.onEvent({ type: 'gradientMode', mode: 'finite-difference' });
    expect(told).toEqual(['opened exact', 't 1', 't 2', 't 3', 'steps', 'finite-difference']);
    expect(requests).toMatchObject([{ job: { kind: 'run', config, diagnosis: 'full' } }]);
  });

  it('passes the commands of the user to the job', () => {
    const { run, asked } = openRun();
    run.control.pause();
    run.control.setLr(0.5);
    run.control.step();
    run.control.resume();
    run.close();
    expect(asked).toEqual(['pause', 'lr 0.5', 'step', 'resume', 'stop']);
  });

  it('ends with the outcome that the process reports, and the result of the expectation', async () => {
    const { run, load, listener, finish } = openRun();
    load();
    listener.onRecords!(records);
    listener.onEvent({ type: 'done', outcome });
    finish({ kind: 'reported' });
    expect(await run.ended).toEqual({
      outcome,
      problems: [],
      expectation: { met: true, reached: { loss: 1, t: 3 }, metAt: 1 },
    });
  });

  it.each<[Ending, OutcomeMessage['stopped']]>([
    [{ kind: 'stopped' }, 'user'],
    [
      { kind: 'timeout', problem: { code: 'timeout', severity: 'error', message: 'late', location } },
      'timeout',
    ],
    [
      { kind: 'memory', problem: { code: 'out-of-memory', severity: 'error', message: 'full', location } },
      'error',
    ],
  ])('reports how far it got when the process could not: %j', async (ending, stopped) => {
    const { run, load, listener, finish } = openRun();
    load();
    listener.onRecords!(records);
    finish(ending);
    const end = await run.ended;
    expect(end.outcome).toEqual({
      steps: 3,
      stopped,
      final: { params: Float64Array.of(0.7, 1.7), loss: Number.NaN, gradNorm: Number.NaN },
      best: { params: Float64Array.of(0.9, 1.9), loss: 2, t: 1 },
      verdict: expect.objectContaining({ kind: stopped === 'user' ? 'still-improving' : 'broken' }),
    });
    expect(end.problems).toEqual('problem' in ending ? [ending.problem] : []);
  });

  it('reports the start if no step was made, and nothing if nothing was loaded', async () => {
    const loaded = openRun();
    loaded.load();
    loaded.finish({ kind: 'stopped' });
    expect((await loaded.run.ended).outcome).toMatchObject({
      steps: 0,
      final: { params: Float64Array.of(1, 2) },
      best: { params: Float64Array.of(1, 2), t: 0 },
    });
    const unloaded = openRun();
    unloaded.finish({ kind: 'stopped' });
    expect((await unloaded.run.ended).outcome).toBeNull();
  });

  it('ends at once if it is closed before it has opened', async () => {
    const launcher: JobLauncher = {
      start() {
        throw new Error('nothing is to start');
      },
    };
    const run = new RunJob(launcher, { source: request.source, limits: request.limits, config });
    run.close();
    expect(await run.ended).toEqual({ outcome: null, problems: [], expectation: null });
  });
});
