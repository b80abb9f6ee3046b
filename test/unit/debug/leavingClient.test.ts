import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DebuggedRun, DebugHost } from '../../../src/debug/debugHost';
import { AdamscopeDebugSession } from '../../../src/debug/debugSession';
import { RunStore } from '../../../src/runs/runStore';
import { FakeSource } from '../runs/support/fakeSource';
import { order } from '../runs/support/runRecord';

/** A debug session, and the runs of its host. */
class Client {
  readonly sources: FakeSource[] = [];
  readonly store = new RunStore({
    files: null,
    openSource: () => {
      const source = new FakeSource();
      this.sources.push(source);
      return source;
    },
  });
  readonly released: DebuggedRun[] = [];
  /** Gives the session its run. */
  launched!: (debugged: DebuggedRun) => void;
  readonly responses: DebugProtocol.Response[] = [];
  readonly #session: AdamscopeDebugSession;
  #sequence = 1;

  constructor() {
    const host: DebugHost = {
      launch: () =>
        new Promise((resolve) => {
          this.launched = resolve;
        }),
      fork: (_from, forked, fork) => this.store.start(forked, { fork }),
      show() {},
      onDidMoveCursor: () => ({ dispose() {} }),
      release: async (debugged) => {
        this.released.push(debugged);
        await this.store.stop(debugged.run.record.id);
      },
    };
    this.#session = new AdamscopeDebugSession(host);
    this.#session.shutdown = () => {};
    this.#session.onDidSendMessage((message) => {
      const sent = message as DebugProtocol.Response;
      if (sent.type === 'response') this.responses.push(sent);
    });
    onTestFinished(async () => {
      await this.store.dispose();
    });
  }

  request(command: string, given: object = {}): void {
    this.#session.handleMessage({
      type: 'request',
      seq: this.#sequence++,
      command,
      arguments: given,
    } as never);
  }

  answer(command: string): DebugProtocol.Response | undefined {
    return this.responses.find((each) => each.command === command);
  }

  started(): DebuggedRun {
    const debuggedOrder = { ...order, stops: { all: [], codes: [] } };
    return { store: this.store, run: this.store.start(debuggedOrder), order: debuggedOrder, places: null };
  }
}

const launch = { program: '/work/fit.ts' };

describe('a client that leaves', () => {
  it('before its run has started: the run is released once it has', async () => {
    const client = new Client();
    client.request('launch', launch);
    client.request('disconnect');
    await vi.waitFor(() => expect(client.answer('disconnect')?.success).toBe(true));
    const debugged = client.started();
    client.launched(debugged);
    await vi.waitFor(() => expect(client.released).toEqual([debugged]));
    expect(client.answer('launch')).toMatchObject({ success: false });
  });

  it('while the loss is loaded: the run is released once', async () => {
    const client = new Client();
    client.request('launch', launch);
    const debugged = client.started();
    client.launched(debugged);
    await vi.waitFor(() => expect(client.sources).toHaveLength(1));
    await Promise.resolve();
    client.request('disconnect');
    client.sources[0]!.load();
    await vi.waitFor(() => expect(client.answer('launch')).toMatchObject({ success: false }));
    expect(client.released).toEqual([debugged]);
  });

  it('while a fork makes the steps before it again: both runs are released', async () => {
    const client = new Client();
    client.request('launch', launch);
    const debugged = client.started();
    client.launched(debugged);
    client.sources[0]!.load();
    await vi.waitFor(() => expect(client.answer('launch')?.success).toBe(true));
    client.request('setExpression', { expression: 'lr', value: '0.5' });
    await vi.waitFor(() => expect(client.sources).toHaveLength(2));
    client.request('disconnect');
    client.sources[1]!.load();
    await vi.waitFor(() => expect(client.answer('setExpression')).toMatchObject({ success: false }));
    expect(client.released.map(({ run }) => run.record.fork?.at)).toEqual([undefined, 0]);
    expect(client.store.live).toEqual([]);
  });
});
