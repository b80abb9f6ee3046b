import { describe, expect, it } from 'vitest';
import { StepOutlet } from '../../../src/process/stepOutlet';
import { createRing, RingReader, RingWriter } from '../../../src/protocol/stepRing';

const length = 3;

function outletOf(isFull: () => boolean) {
  const ring = createRing(length, 8 * length * 10);
  const writer = new RingWriter(ring);
  const sent: number[] = [];
  const outlet = new StepOutlet(new RingReader(ring), length, {
    send: (records) => sent.push(...records),
    isFull,
  });
  let t = 0;
  const write = (count: number) => {
    for (let i = 0; i < count; i++) {
      const at = writer.next();
      writer.data.set([++t, 10 * t, 100 * t], at);
      writer.publish();
    }
  };
  return { outlet, write, sent };
}

const records = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((t) => [t, 10 * t, 100 * t]);

describe('sending steps from the ring buffer', () => {
  it('keeps their order across the end of the buffer', () => {
    const { outlet, write, sent } = outletOf(() => false);
    for (let round = 0; round < 7; round++) {
      write(7);
      outlet.pump();
    }
    expect(sent).toEqual(records(1, 49));
  });

  it('sends nothing while the host does not read, and everything at the end', () => {
    let isFull = true;
    const { outlet, write, sent } = outletOf(() => isFull);
    write(10);
    outlet.pump();
    expect(sent).toEqual([]);
    isFull = false;
    outlet.pump();
    expect(sent).toEqual(records(1, 10));
    isFull = true;
    write(4);
    outlet.flush();
    expect(sent).toEqual(records(1, 14));
  });
});
