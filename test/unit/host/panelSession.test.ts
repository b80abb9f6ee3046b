import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { type PanelActions, PanelSession } from '../../../src/host/panel/panelSession';
import type { Frame, HostApi, PanelApi, Rows, RunSummary, RunView } from '../../../src/protocol/panel';
import { connect } from '../../../src/protocol/rpc';
import type { RepeatedSteps, StepRepetition } from '../../../src/runs/repeatSteps';
import { Reports } from '../../../src/runs/reports';
import type { Run } from '../../../src/runs/run';
import { RunStore } from '../../../src/runs/runStore';
import { FakeSource } from '../runs/support/fakeSource';
import { description, layout, order, stepRecord } from '../runs/support/runRecord';

/** The page of a session. Its channel changes messages in the same way as a webview does. */
class Page {
  run: RunView | null | undefined;
  runs: readonly RunSummary[] = [];
  selected: string | null = null;
  frames: Frame[] = [];
  readonly posted: unknown[] = [];
  readonly session: PanelSession;
  readonly host: { [K in keyof HostApi]: (...args: unknown[]) => Promise<unknown> };

  constructor(world: World, shownId: string | null = null) {
    let toHost: (message: unknown) => void = () => {};
    let toPage: (message: unknown) => void = () => {};
    this.session = new PanelSession(
      {
        post: (message) => {
          this.posted.push(message);
          setTimeout(() => toPage(structuredClone(message)));
        },
        onMessage: (listener) => {
          toHost = listener;
        },
      },
      {
        store: world.store,
        reports: world.reports,
        actions: world.actions,
        surroundings: {
          relative: (file) => file.slice(1),
          openText: (file) => world.openTexts.get(file),
          isTrusted: () => world.isTrusted,
        },
      },
      shownId,
    );
    const panel: PanelApi = {
      setRuns: (runs, selected) => {
        this.runs = runs;
        this.selected = selected;
      },
      setRun: (run) => {
        this.run = run;
      },
      setReport: () => {},
      moveCursor: () => {},
      goTo: () => {},
      frame: (frame) => this.frames.push(frame),
    };
    this.host = connect<HostApi, PanelApi>(panel, {
      post: (message) => void setTimeout(() => toHost(structuredClone(message))),
      onMessage: (listener) => {
        toPage = listener;
      },
    }) as unknown as typeof this.host;
    onTestFinished(() => this.session.dispose());
  }

  async view(quantities: readonly string[] = ['loss'], runId = this.run?.id): Promise<void> {
    await this.host.setView({
      runId,
      range: null,
      width: 100,
      quantities,
      coordinates: [0],
      smoothing: [],
      path: false,
    });
  }
}

class World {
  readonly sources: FakeSource[] = [];
  readonly done: unknown[][] = [];
  /** What a replay gives; null: it never ends. */
  replayed: ((repetition: StepRepetition) => RepeatedSteps) | null = null;
  isTrusted = true;
  readonly openTexts = new Map<string, string>();
  readonly reports = new Reports(() => ({
    ended: new Promise(() => {}),
    stop: () => this.done.push(['stop']),
  }));
  readonly store = new RunStore({
    files: null,
    places: 5,
    openSource: () => {
      const source = new FakeSource();
      this.sources.push(source);
      return source;
    },
  });
  readonly actions: PanelActions = {
    runAgain: (run) => this.done.push(['runAgain', run.record.id]),
    configure: (run) => this.done.push(['configure', run.record.id]),
    copyFitted: (run) => this.done.push(['copyFitted', run.record.id]),
    applyFix: (run, { patch }) => this.done.push(['applyFix', run.record.id, patch]),
    runWithFix: (run, { patch }) => this.done.push(['runWithFix', run.record.id, patch]),
    compareWithFix: (run, { patch }) => this.done.push(['compareWithFix', run.record.id, patch]),
    cursorMoved: (...move) => this.done.push(['cursorMoved', ...move]),
    debug: (run) => this.done.push(['debug', run.record.id]),
    tryHere: (...finding) => this.done.push(['tryHere', ...finding]),
    stopTrying: (...finding) => this.done.push(['stopTrying', ...finding]),
    grid: async (_run, x, y) => {
      this.done.push(['grid']);
      return { x, y, columns: 1, rows: 1, values: Float64Array.of(1) };
    },
    planeGrid: async (_run, _plane, [x, y]) => {
      this.done.push(['planeGrid']);
      return { x, y, columns: 1, rows: 1, values: Float64Array.of(1) };
    },
    repeat: (_run, repetition, signal) => {
      const { from, to, every, coordinate } = repetition;
      this.done.push(['replay', from, to, every, coordinate]);
      const { replayed } = this;
      if (replayed) return Promise.resolve(replayed(repetition));
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    },
    reveal: () => this.done.push(['reveal']),
    explain: (code) => this.done.push(['explain', code]),
    openGlossary: (term) => this.done.push(['openGlossary', term]),
    openSamples: () => this.done.push(['openSamples']),
    savePicture: (...picture) => this.done.push(['savePicture', ...picture]),
    applyRow: (report, table, row) => this.done.push(['applyRow', report.id, table, row]),
    runRow: (report, table, row) => this.done.push(['runRow', report.id, table, row]),
    runCell: (report, patch) => this.done.push(['runCell', report.id, patch]),
  };

  async restore(): Promise<this> {
    await this.store.restore();
    return this;
  }

  start(steps = 3): Run {
    const run = this.store.start(order);
    this.sources.at(-1)!.load();
    this.sources.at(-1)!.take(steps);
    return run;
  }
}

const idOf = ({ record }: Run) => record.id;

const finding = (...lrs: number[]): Finding => ({
  id: 'divergence-1',
  code: 'divergence',
  severity: 'error',
  headline: 'The loss grows.',
  detail: '',
  advice: '',
  steps: [1, 2],
  coordinates: [],
  evidence: {},
  subject: null,
  origin: null,
  location: null,
  fixes: lrs.map((lr) => ({
    id: `optimizer.lr=${lr}`,
    title: `lr ${lr}`,
    patch: { optimizer: { lr } },
    verified: null,
  })),
});

describe('a dashboard', () => {
  it('waits for the runs of earlier VS Code windows before it shows that there are none', async () => {
    const world = new World();
    const page = new Page(world);
    await page.host.ready();
    await wait(100);
    expect(page.run).toBeUndefined();
    await world.restore();
    await expect.poll(() => page.run).toBeNull();
  });

  it('sends nothing before there is a page, and then the state of that moment only', async () => {
    const world = await new World().restore();
    const page = new Page(world);
    const run = world.start(5);
    await wait(100);
    world.sources[0]!.end();
    await run.finished;
    await wait(100);
    expect(page.posted).toEqual([]);
    await page.host.ready();
    await expect.poll(() => page.run?.id).toBe(idOf(run));
    await wait(100);
    const views = page.posted.filter((message) => (message as { readonly m?: string }).m === 'setRun');
    expect(views).toHaveLength(1);
  });

  it('shows the newest run until the user chooses one, and follows its steps', async () => {
    const world = await new World().restore();
    const first = world.start();
    const page = new Page(world);
    await page.host.ready();
    await expect.poll(() => page.run?.id).toBe(idOf(first));
    await page.view();
    await expect.poll(() => page.frames.length).toBe(1);
    expect([page.frames[0]!.steps, page.frames[0]!.series[0]!.quantity]).toEqual([3, 'loss']);
    world.sources[0]!.take(2);
    await wait(100);
    // Only one frame is in flight at a time.
    expect(page.frames.length).toBe(1);
    await page.host.ack(1);
    await expect.poll(() => page.frames.at(-1)!.steps).toBe(5);
    const second = world.start();
    await expect.poll(() => page.run?.id).toBe(idOf(second));
    await page.host.selectRun(idOf(first));
    await expect.poll(() => page.selected).toBe(idOf(first));
    expect(page.runs.map(({ id }) => id)).toEqual([idOf(first), idOf(second)]);
    world.start();
    await wait(100);
    expect(page.run?.id).toBe(idOf(first));
  });

  it('is sent the first frame of a run when it has steps, without waiting for an empty one', async () => {
    const world = await new World().restore();
    const run = world.store.start(order);
    const [source] = world.sources;
    source!.load();
    const page = new Page(world);
    await page.host.ready();
    await expect.poll(() => page.run?.id).toBe(idOf(run));
    await page.view();
    await wait(100);
    expect(page.frames).toEqual([]);
    source!.take(3);
    await expect.poll(() => page.frames.map(({ steps }) => steps)).toEqual([3]);
  });

  it('is sent the loss before it asks for a view, and what it asks for as soon as that is drawn', async () => {
    const world = await new World().restore();
    world.start();
    const page = new Page(world);
    await page.host.ready();
    await expect.poll(() => page.frames.length).toBe(1);
    const [first] = page.frames;
    expect(first!.steps).toBe(3);
    expect(new Set(first!.series.map(({ quantity }) => quantity))).toEqual(new Set(['loss', 'best']));
    await page.view(['params']);
    await page.host.ack(first!.seq);
    await expect.poll(() => page.frames[1]?.series.map(({ quantity }) => quantity)).toEqual(['params']);
  });

  it('beside another one shows its own run, and acts on the run that it names', async () => {
    const world = await new World().restore();
    const [one, two] = [world.start(), world.start()];
    const [left, right] = [new Page(world, idOf(one)), new Page(world, idOf(two))];
    await Promise.all([left.host.ready(), right.host.ready()]);
    await expect.poll(() => [left.run?.id, right.run?.id]).toEqual([idOf(one), idOf(two)]);
    await left.host.pause(idOf(one));
    await right.host.setLr(idOf(two), 0.5);
    expect([one, two].map(({ record }) => record.status)).toEqual(['paused', 'running']);
    await expect.poll(() => [left.run?.status, right.run?.lrChanges]).toEqual(['paused', [[4, 0.5]]]);
    await left.host.resume(idOf(one));
    await left.host.stop(idOf(one));
    await one.finished;
    expect(world.sources.map(({ asked }) => asked)).toEqual([['pause', 'resume', 'close'], ['lr 0.5']]);
  });

  it('keeps the run that it shows in memory, and releases a run that it no longer shows', async () => {
    const world = await new World().restore();
    const run = world.start();
    world.sources[0]!.end();
    await run.finished;
    const page = new Page(world, idOf(run));
    await page.host.ready();
    await expect.poll(() => page.run?.id).toBe(idOf(run));
    for (let i = 0; i < 25; i++) {
      const next = world.start();
      world.sources.at(-1)!.end();
      await next.finished;
    }
    expect(world.store.find(idOf(run))).toBe(run);
    await page.host.selectRun(idOf(world.store.latest!));
    const last = world.start();
    world.sources.at(-1)!.end();
    await last.finished;
    expect(world.store.find(idOf(run))).toBeUndefined();
  });

  it('shows a run that the product does not execute, and which actions are not possible', async () => {
    const world = await new World().restore();
    const source = new FakeSource({ hasControl: false });
    const run = world.store.add(source, description);
    source.load();
    source.take(4);
    const page = new Page(world);
    await page.host.ready();
    await expect.poll(() => page.run?.id).toBe(idOf(run));
    expect([page.run!.hasControl, page.run!.mayEvaluate, page.run!.steps]).toEqual([false, false, 4]);
    await page.view();
    await expect.poll(() => page.frames[0]?.steps).toBe(4);
    await page.host.pause(idOf(run));
    expect(run.record.status).toBe('running');
    await page.host.stop(idOf(run));
    await expect.poll(() => page.run?.status).toBe('finished');
  });

  it('posts nothing more after it was closed while its run was read', async () => {
    const world = await new World().restore();
    world.start();
    const page = new Page(world);
    await page.host.ready();
    page.session.dispose();
    const { length } = page.posted;
    await wait(100);
    expect(page.posted.length).toBe(length);
  });

  it('stops listening when it is closed', async () => {
    const world = await new World().restore();
    const page = new Page(world);
    await page.host.ready();
    await expect.poll(() => page.run).toBeNull();
    page.session.dispose();
    world.start();
    await wait(100);
    expect(page.run).toBeNull();
  });
});

describe('a fix chosen in a dashboard', () => {
  async function offered(world: World): Promise<{ run: Run; page: Page; choose: () => Promise<unknown> }> {
    await world.restore();
    const run = world.start();
    world.sources[0]!.listener.onFindings?.([finding(0.1, 0.2)]);
    run.record.verification = 'off';
    world.store.changed(run, false);
    const page = new Page(world);
    await page.host.ready();
    await expect.poll(() => page.run?.findings[0]?.fixes.length).toBe(2);
    const { revision, findings } = page.run!;
    const choose = () => page.host.applyFix(idOf(run), revision, findings[0]!.id, findings[0]!.fixes[1]!.id);
    return { run, page, choose };
  }

  it('is the one that the page named', async () => {
    const world = new World();
    const { run, choose } = await offered(world);
    await choose();
    expect(world.done).toEqual([['applyFix', idOf(run), { optimizer: { lr: 0.2 } }]]);
  });

  it('is refused with a message when another fix now has its position', async () => {
    const world = new World();
    const { run, choose } = await offered(world);
    // The fixes have been tried: the first did not help, so the second is now the first.
    run.record.findings = [finding(0.2, 0.3)];
    await expect(choose()).rejects.toThrow('The findings of this run have changed; choose the fix again.');
    expect(world.done).toEqual([]);
  });

  it('is refused while the fixes are being tried', async () => {
    const world = new World();
    const { run, choose } = await offered(world);
    run.record.verification = 'running';
    await expect(choose()).rejects.toThrow(/have changed; choose the fix again/);
    expect(world.done).toEqual([]);
  });

  it('is not refused because of another change of the run', async () => {
    const world = new World();
    const { run, choose } = await offered(world);
    world.sources[0]!.take(10);
    world.sources[0]!.listener.onFindings?.([{ ...finding(0.1, 0.2), steps: [1, 12] }]);
    run.record.verification = 'off';
    await choose();
    expect(world.done.length).toBe(1);
  });
});

describe('a source that is edited while a run goes on', () => {
  it('is named, and no longer after the edit is undone', async () => {
    const world = await new World().restore();
    world.start().record.source = description.source;
    const page = new Page(world);
    await page.host.ready();
    const loaded = description.source.texts[0]![1];
    for (const [text, files] of [
      [loaded, []],
      [`${loaded} `, ['w/f.ts']],
      [loaded, []],
    ] as const) {
      world.openTexts.set('/w/f.ts', text);
      page.session.onEdit('/w/f.ts');
      await expect.poll(() => page.run?.editedFiles, { timeout: 5000 }).toEqual(files);
    }
  });
});

/** The steps of a repetition, with the bits of the run. */
function repeated({ from, to, coordinate }: StepRepetition): RepeatedSteps {
  const one = { ...layout, dim: 3, coordinates: [coordinate] };
  const records = Array.from({ length: to - from + 1 }, (_, i) => stepRecord(from + i, one));
  return { layout: one, records, start: 3 };
}

describe('evaluating a loss for a dashboard', () => {
  it('is allowed for a run of this window, and for another run once the user has requested it', async () => {
    const world = await new World().restore();
    const own = world.start();
    const foreign = world.store.add(new FakeSource(), description);
    const page = new Page(world);
    expect(await page.host.grid(idOf(own), [0, 1], [0, 1])).toMatchObject({ columns: 1 });
    await expect(page.host.grid(idOf(foreign), [0, 1], [0, 1])).rejects.toThrow(/“Draw the contour” first/);
    expect(world.done).toEqual([['grid']]);
    await page.host.allowGrid(idOf(foreign));
    await page.host.grid(idOf(foreign), [0, 1], [0, 1]);
    expect(world.done).toEqual([['grid'], ['grid']]);
  });

  it('the history of a coordinate that was not recorded is computed, of visible steps first', async () => {
    const world = await new World().restore();
    const run = world.start(9);
    run.record.start = [1, 2, 3];
    const page = new Page(world);
    page.host.ready();
    world.sources[0]!.end();
    await run.finished;
    const cancelled = page.host.fillIn(idOf(run), 2, null);
    await expect.poll(() => world.done).toEqual([['replay', 1, 9, 1, 2]]);
    await page.host.stopFillIn();
    await expect(cancelled).rejects.toThrow('The computation of the history was cancelled.');
    world.replayed = repeated;
    await page.host.fillIn(idOf(run), 2, [4, 5]);
    await expect.poll(() => page.run?.coordinates.others).toEqual([2]);
    const rowsOf = async () => (await page.host.rows(idOf(run), [1, 4, 9], ['params'], [0, 2])) as Rows;
    expect((await rowsOf()).columns).toEqual([
      { quantity: 'params', coordinate: 0 },
      { quantity: 'params', coordinate: 2 },
    ]);
    // The first parameter stands behind the five numbers of a step.
    expect([...(await rowsOf()).values]).toEqual([105, Number.NaN, 405, 405, 905, Number.NaN]);
    await page.host.fillIn(idOf(run), 2, null);
    expect([...(await rowsOf()).values]).toEqual([105, 105, 405, 405, 905, 905]);
    expect(world.done.slice(1)).toEqual([
      ['replay', 4, 5, 1, 2],
      ['replay', 6, 9, 1, 2],
      ['replay', 1, 3, 1, 2],
    ]);
    await page.host.fillIn(idOf(run), 2, [1, 9]);
    expect(world.done).toHaveLength(4);
    world.isTrusted = false;
    await expect(page.host.fillIn(idOf(run), 1, null)).rejects.toThrow(/not trusted/);
  });

  it('the history of a coordinate follows a run in progress, to its end', async () => {
    const world = await new World().restore();
    const run = world.start(5);
    run.record.start = [1, 2, 3];
    const page = new Page(world);
    world.replayed = repeated;
    await page.host.fillIn(idOf(run), 2, null);
    const filled = () => run.picked.get(2)?.trace.steps;
    expect(filled()).toBe(5);
    // Not for every step: a repetition costs as much as the run.
    world.sources[0]!.take(10);
    world.sources[0]!.take(80);
    await expect.poll(filled).toBe(95);
    world.sources[0]!.take(3);
    world.sources[0]!.end();
    await expect.poll(filled).toBe(98);
    expect(world.done).toEqual([
      ['replay', 1, 5, 1, 2],
      ['replay', 6, 95, 1, 2],
      ['replay', 96, 98, 1, 2],
    ]);
  });

  it('a repetition that differs from the run is refused, with the first difference', async () => {
    const world = await new World().restore();
    const run = world.start(9);
    run.record.start = [1, 2, 3];
    run.keyframes.add({ t: 4, values: new Float64Array(1) });
    const page = new Page(world);
    const from: (number | null)[] = [];
    world.replayed = (repetition) => {
      from.push(repetition.keyframe?.t ?? null);
      const steps = repeated(repetition);
      for (const record of steps.records) if (record[0]! > 6) record[2]! += 1;
      return steps;
    };
    const refusal =
      'The repetition differs from this run, first at step 7: gradNorm was 702 and is now 703. ' +
      'The loss has a state of its own, or is random, so values that were not recorded cannot be computed.';
    await expect(page.host.fillIn(idOf(run), 2, [5, 9])).rejects.toThrow(refusal);
    await expect(page.host.explainUpdate(idOf(run), 8, 2, true)).rejects.toThrow(refusal);
    expect([from, run.picked.size]).toEqual([[4, null, null], 0]);
  });

  it('a step that is not recorded is made again on request, until another one is wanted', async () => {
    const world = await new World().restore();
    const run = world.start(5);
    const page = new Page(world);
    const explain = (step: number, coordinate: number, mayReplay: boolean) =>
      page.host.explainUpdate(idOf(run), step, coordinate, mayReplay);
    expect(await explain(3, 1, false)).not.toBeNull();
    await expect(explain(6, 1, false)).rejects.toThrow('This run has no step 6 yet.');
    await expect(explain(3, 2, false)).rejects.toThrow('This run has no coordinate 2.');
    run.record.start = [1, 2, 3];
    expect(await explain(3, 2, false)).toBeNull();
    expect(world.done).toEqual([]);
    const first = explain(3, 2, true);
    const second = explain(4, 2, true);
    await expect(first).rejects.toThrow('The replay was cancelled.');
    await page.host.stopExplaining();
    await expect(second).rejects.toThrow('The replay was cancelled.');
    expect(world.done).toEqual([
      ['replay', 1, 3, 1, 2],
      ['replay', 1, 4, 1, 2],
    ]);
    world.isTrusted = false;
    await expect(explain(3, 2, true)).rejects.toThrow(/not trusted/);
  });

  it('is refused in a workspace that is not trusted', async () => {
    const world = await new World().restore();
    const run = world.store.add(new FakeSource(), description);
    world.isTrusted = false;
    const page = new Page(world);
    for (const call of [page.host.allowGrid(idOf(run)), page.host.grid(idOf(run), [0, 1], [0, 1])])
      await expect(call).rejects.toThrow(/not trusted, so its losses are not evaluated/);
    run.mayEvaluate = true;
    await expect(page.host.grid(idOf(run), [0, 1], [0, 1])).rejects.toThrow(/not trusted/);
    expect(world.done).toEqual([]);
  });
});

describe('an invalid call from a page', () => {
  const view = {
    runId: 'a',
    range: null,
    width: 100,
    quantities: ['loss'],
    coordinates: [0],
    smoothing: [],
    path: false,
  };
  it.each<[keyof HostApi | 'constructor' | 'toString' | 'restore', unknown[]]>([
    ['setLr', ['a', 0]],
    ['setLr', ['a', null]],
    ['setLr', ['a', Number.POSITIVE_INFINITY]],
    ['pause', []],
    ['pause', ['a', 'b']],
    ['pause', [{ toString: 'a' }]],
    ['selectRun', ['x'.repeat(1000)]],
    ['applyFix', [0, 1]],
    ['cursorMoved', ['a', 0]],
    ['debug', [1]],
    ['tryHere', ['a']],
    ['stopTrying', [1, 'b']],
    ['applyFix', ['a', -1, 'b', 'c']],
    ['explain', ['../../SECURITY']],
    ['openGlossary', ['../SECURITY']],
    ['grid', ['a', [0, null], [0, 1]]],
    ['rows', ['a', [0], ['loss'], [0]]],
    ['rows', ['a', [1], ['__proto__'], [0]]],
    ['setView', [{ ...view, width: 1e9 }]],
    ['setView', [{ ...view, coordinates: [-1] }]],
    ['reveal', [{ file: '', line: 1, column: 1, endLine: 1, endColumn: 1 }]],
    ['applyRow', ['a', 0.5, 1]],
    ['constructor', []],
    ['toString', []],
    ['restore', []],
  ])('%s%j is refused with a message and has no effect', async (name, args) => {
    const world = await new World().restore();
    const run = world.start();
    const page = new Page(world);
    const call = (page.host as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name]!;
    await expect(call(...args)).rejects.toThrow(
      /^(The dashboard's call \w+ was refused: .*\.|\[birpc\] function "\w+" not found)$/,
    );
    expect([world.done, run.record.status, run.record.lrChanges]).toEqual([[], 'running', []]);
  });

  it('about an unknown run is refused with a message', async () => {
    const page = new Page(await new World().restore());
    await expect(page.host.runAgain('gone')).rejects.toThrow('This run is no longer in the history.');
    await expect(page.host.rows('gone', [1], ['loss'], [0])).rejects.toThrow(/no longer in the history/);
    await expect(page.host.applyRow('gone', 0, 0)).rejects.toThrow(/This report is no longer in the history/);
    await page.host.pause('gone');
  });
});
