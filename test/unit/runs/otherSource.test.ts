import { describe, expect, it, onTestFinished } from 'vitest';
import { recordLength, type StepLayout } from '../../../src/core/trace/layout';
import { type PanelActions, PanelSession } from '../../../src/host/panel/panelSession';
import { DiskRunFiles } from '../../../src/runs/files/diskRunFiles';
import { Reports } from '../../../src/runs/reports';
import { RunStore } from '../../../src/runs/runStore';
import type { RunEnd, StepListener, StepSource } from '../../../src/runs/stepSource';
import { folderWith } from '../../support/startRun';
import { description } from './support/runRecord';

const layout: StepLayout = { dim: 1, coordinates: [0], stateNames: [], extras: [] };

/** What a training script would report while it runs: every tenth step, without control. */
class Recording implements StepSource {
  readonly control = null;
  readonly ended: Promise<RunEnd>;
  #end!: (end: RunEnd) => void;
  #listener!: StepListener;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  open(listener: StepListener): void {
    this.#listener = listener;
    listener.onOpened?.({ start: [8], layout, stride: 10, gradientMode: 'provided', texts: [] });
  }

  /** @param t  1, 11, 21, … */
  report(t: number, loss: number): void {
    const record = new Float64Array(recordLength(layout));
    record.set([t, loss]);
    this.#listener.onRecord?.(record, 0);
    this.#listener.onSteps?.();
  }

  close(): void {
    this.#end({ outcome: null, problems: [], expectation: null });
  }
}

describe('a source of steps that this product does not execute', () => {
  it('is shown, stored and read again without special code', async () => {
    const folder = folderWith({});
    const store = new RunStore({
      files: new DiskRunFiles(folder),
      openSource: () => {
        throw new Error('it runs no loss');
      },
    });
    await store.restore();
    const recording = new Recording();
    const run = store.add(recording, description);
    for (const t of [1, 11, 21]) recording.report(t, 100 / t);
    expect([run.record.status, run.steps, run.trace?.stride]).toEqual(['running', 21, 10]);

    const sent: string[] = [];
    const session = new PanelSession(
      {
        post: (message) => sent.push(JSON.stringify(message)),
        onMessage: (listener) => setTimeout(() => listener({ m: 'ready', a: [], t: 'q' })),
      },
      {
        store,
        reports: new Reports(() => ({ ended: new Promise(() => {}), stop: () => {} })),
        actions: {} as PanelActions,
        surroundings: { relative: (file) => file, openText: () => undefined, isTrusted: () => false },
      },
      null,
    );
    onTestFinished(() => session.dispose());
    await expect.poll(() => sent.some((text) => text.includes('"stride":10'))).toBe(true);

    recording.close();
    await run.finished;
    const later = new RunStore({ files: new DiskRunFiles(folder), openSource: () => recording });
    await later.restore();
    const again = later.find(run.record.id)!;
    await later.load(again);
    expect([again.summary, again.trace?.steps, again.trace?.at(1, 1)]).toEqual(['21 steps', 21, 100 / 11]);
    expect(again.storageProblem).toBeNull();
  });
});
