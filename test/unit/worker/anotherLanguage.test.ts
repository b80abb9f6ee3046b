import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { recordedNames, recordLength, recordOffset } from '../../../src/core/trace/layout';
import { unpackedLayout } from '../../../src/core/trace/packedLayout';
import { openLoader } from '../../../src/loss/providers/registry';
import { ControlWorker, createControl, phases } from '../../../src/protocol/control';
import { RingReader } from '../../../src/protocol/stepRing';
import type { Job, ThreadMessage } from '../../../src/protocol/worker';
import { doJob } from '../../../src/worker/jobs/doJob';
import { type TableSource, tableProvider } from './support/tableProvider';

const location = { file: '/w/bowl.table', line: 1, column: 1, endLine: 1, endColumn: 5 };
/** (x - 2)^2 + 3 (y + 1)^2 */
const bowl = '1 -4 4\n3 6 3\n';

function configOf(patch: RunConfigPatch) {
  return resolveConfig([{ start: [0, 0], steps: 200, optimizer: { name: 'adam', lr: 0.1 } }, patch]).config;
}

/** Carries out a job for a loss in a language that the product does not know, and returns the messages. */
async function eventsOf(text: string, job: Job): Promise<{ events: ThreadMessage[]; phase: number }> {
  const source: TableSource = {
    language: 'table',
    file: '/w/bowl.table',
    lossName: 'bowl',
    location,
    parameterName: null,
    texts: [['/w/bowl.table', text]],
  };
  const memory = createControl(false);
  const control = new ControlWorker(memory);
  const events: ThreadMessage[] = [];
  const post = (event: ThreadMessage) => void events.push(event);
  const loader = openLoader(
    source,
    {
      directory: '/nowhere',
      cache: null,
      enter: () => control.enterUserCode(),
      leave: () => control.leaveUserCode(),
      silence: () => () => {},
      isSilent: () => false,
      isBeside: false,
      onProcess: () => {},
      onEnvironment: () => {},
      report: (problem) => post({ type: 'warning', problem }),
      onGradientMethod: (mode) => post({ type: 'gradientMode', mode }),
      onDifferenceAccuracy: (accuracy) => post({ type: 'differenceAccuracy', accuracy }),
    },
    { table: tableProvider },
  );
  await doJob(
    { source, loader, besideLoader: loader, edited: () => null, silence: () => () => {}, control, post },
    job,
  );
  return { events, phase: new Int32Array(memory.words)[3]! };
}

function find<T extends ThreadMessage['type']>(events: readonly ThreadMessage[], type: T) {
  const found = events.find((event) => event.type === type);
  if (!found) throw new Error(`no ${type} among ${events.map((event) => event.type).join(', ')}`);
  return found as Extract<ThreadMessage, { type: T }>;
}

/** A run whose steps are all recorded. */
const recordedRun = {
  kind: 'run',
  config: configOf({}),
  recordBudget: 1e9,
  keyframeBudget: 0,
  diagnosis: 'full',
} as const;

describe('all jobs of the worker work for a loss in another language', () => {
  it('it is run, step by step, with its own gradient', async () => {
    const { events, phase } = await eventsOf(bowl, recordedRun);
    const { gradientMode, layout: packed } = find(events, 'loaded');
    const layout = unpackedLayout(packed);
    expect(gradientMode).toBe('exact');
    expect(layout.dim).toBe(2);
    const records = new RingReader(find(events, 'ring').ring).take(1000)!;
    expect(records).toHaveLength(200 * recordLength(layout));
    const { outcome } = find(events, 'done');
    expect(outcome.final.params[0]).toBeCloseTo(2, 2);
    expect(outcome.final.params[1]).toBeCloseTo(-1, 2);
    expect(phase).toBe(phases.own);
  });

  it('it is evaluated at a point and on a grid', async () => {
    const at = await eventsOf(bowl, { kind: 'gradient', config: configOf({}), at: [1, 1] });
    expect(find(at.events, 'gradient')).toMatchObject({ value: 13, grad: Float64Array.of(-2, 12) });
    const grid = { x: [0, 2], y: [-1, 0], columns: 2, rows: 2 } as const;
    const { events } = await eventsOf(bowl, { kind: 'grid', config: configOf({}), ...grid });
    expect(find(events, 'grid').values).toEqual(Float64Array.of(4, 0, 7, 3));
  });

  it('it is evaluated on a grid of a plane', async () => {
    const grid = { x: [0, 2], y: [-1, 0], columns: 2, rows: 2 } as const;
    const plane = { origin: Float64Array.of(0, 0), across: Float64Array.of(0, 1), up: Float64Array.of(1, 0) };
    const swapped = await eventsOf(bowl, { kind: 'grid', config: configOf({}), ...grid, plane });
    const own = { x: [-1, 0], y: [0, 2], columns: 2, rows: 2 } as const;
    const { events } = await eventsOf(bowl, { kind: 'grid', config: configOf({}), ...own });
    const [a, b] = [find(swapped.events, 'grid').values, find(events, 'grid').values];
    expect([a[0], a[1], a[2], a[3]]).toEqual([b[0], b[2], b[1], b[3]]);
  });

  it('its last steps are made again with the same bits, for one coordinate', async () => {
    const { events } = await eventsOf(bowl, recordedRun);
    const layout = unpackedLayout(find(events, 'loaded').layout);
    const records = new RingReader(find(events, 'ring').ring).take(1000)!;
    const again = await eventsOf(bowl, {
      kind: 'replay',
      ...{ config: configOf({}), coordinate: 1, from: 40, to: 50, every: 1, checkEvery: 64, keyframe: null },
      lrChanges: [],
    });
    const replay = find(again.events, 'replay');
    const width = recordLength(replay.layout);
    // Step 1 too, to compare it with the run.
    expect(replay.records).toHaveLength(12 * width);
    for (let step = 40; step <= 50; step++) {
      const offset = (step - 1) * recordLength(layout);
      const own = (step - 39) * width;
      for (const name of recordedNames(layout))
        expect(replay.records[own + recordOffset(replay.layout, name)], name).toBe(
          records[offset + recordOffset(layout, name) + 1],
        );
    }
  });

  it('it is analysed, and its fixes are tried', async () => {
    const analysis = { kind: 'optimizers', names: ['sgd', 'adam'] } as const;
    const { events } = await eventsOf(bowl, { kind: 'analysis', config: configOf({}), analysis });
    expect(find(events, 'analysis').report).not.toBeNull();
    const config = configOf({ optimizer: { name: 'sgd', lr: 10 } });
    const run = await eventsOf(bowl, {
      kind: 'run',
      config,
      recordBudget: 1e9,
      keyframeBudget: 0,
      diagnosis: 'full',
    });
    const findings = run.events.findLast((event) => event.type === 'findings')!.findings;
    const tried = await eventsOf(bowl, {
      kind: 'verify',
      config,
      diagnosis: 'full',
      findings,
      verdict: null,
      budget: null,
    });
    expect(find(tried.events, 'verified')).toMatchObject({ isComplete: true });
  });

  it('it fails with the problems that its provider reports', async () => {
    const { events } = await eventsOf('1 two', { kind: 'gradient', config: configOf({}), at: [1] });
    expect(find(events, 'failed').problems).toMatchObject([{ code: 'syntax', location }]);
  });
});
