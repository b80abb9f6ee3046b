import { describe, expect, it } from 'vitest';
import { ControlHost, ControlWorker, createControl } from '../../../src/protocol/control';

describe('the stops in shared memory', () => {
  it('are read once each time they change', () => {
    const memory = createControl(true, true);
    const [host, worker] = [new ControlHost(memory), new ControlWorker(memory)];
    expect(worker.changedStops()).toBeNull();
    for (const text of ['a long text of stops', 'short', 'größer', '']) {
      host.setStops(text);
      expect(worker.changedStops()).toBe(text);
      expect(worker.changedStops()).toBeNull();
    }
  });

  it('are the last ones after several changes', () => {
    const memory = createControl(true, true);
    const [host, worker] = [new ControlHost(memory), new ControlWorker(memory)];
    for (const text of ['one', 'two', 'three']) host.setStops(text);
    expect(worker.changedStops()).toBe('three');
  });

  it('are not written over what is being read', () => {
    const memory = createControl(true, true);
    const [host, worker] = [new ControlHost(memory), new ControlWorker(memory)];
    host.setStops('first');
    const bytes = new Uint8Array(memory.stops!);
    const first = bytes.indexOf('f'.charCodeAt(0));
    host.setStops('other');
    expect(new TextDecoder().decode(bytes.slice(first, first + 5))).toBe('first');
    expect(worker.changedStops()).toBe('other');
  });

  it('have a limit, and leave the words of a run without a debugger alone', () => {
    const host = new ControlHost(createControl(true, true));
    expect(() => host.setStops('x'.repeat(2 ** 20 + 1))).toThrow('too many breakpoints');
    const memory = createControl(true);
    new ControlHost(memory).setStops('one');
    expect(new ControlWorker(memory).changedStops()).toBeNull();
  });
});
