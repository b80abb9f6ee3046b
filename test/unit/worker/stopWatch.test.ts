import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding';
import type { ExpressionStep, StepExpression } from '../../../src/core/expressions/expression';
import type { Stop } from '../../../src/protocol/stops';
import { StopWatch } from '../../../src/worker/stopWatch';

const lossBelow = (value: number): StepExpression => ({
  type: 'boolean',
  node: {
    kind: 'binary',
    operator: '<',
    left: { kind: 'scalar', name: 'loss' },
    right: { kind: 'constant', value },
    isVector: false,
  },
});
const stop = (id: number, own: Partial<Stop> = {}): Stop => ({
  id,
  condition: null,
  hits: null,
  seen: 0,
  log: null,
  ...own,
});
const at = (loss: number) => ({ scalar: () => loss }) as unknown as ExpressionStep;
const finding = (id: string, code: string) => ({ id, code }) as Finding;

describe('the stops of a run', () => {
  it('stop where a condition holds', () => {
    const watch = new StopWatch({
      all: [stop(1, { condition: lossBelow(1) }), stop(2, { condition: lossBelow(0.5) })],
      codes: [],
    });
    expect(watch.afterStep(1, at(2)).hit).toBeNull();
    expect(watch.afterStep(2, at(0.7)).hit).toEqual({ t: 2, ids: [1], findings: [] });
    expect(watch.afterStep(3, at(0.2)).hit?.ids).toEqual([1, 2]);
  });

  it('count hits, also those before', () => {
    const hits = { operator: '==', count: 3 } as const;
    const watch = new StopWatch({ all: [stop(1, { hits, seen: 1 })], codes: [] });
    expect([2, 3, 4].map((t) => watch.afterStep(t, at(1)).hit?.t)).toEqual([undefined, 3, undefined]);
    watch.set({ all: [stop(1, { hits, seen: 2 })], codes: [] });
    expect(watch.afterStep(5, at(1)).hit?.t).toBe(5);
  });

  it('stop once to be counted, if hits before are not known', () => {
    const hits = { operator: '==', count: 3 } as const;
    const watch = new StopWatch({ all: [stop(1, { hits, seen: null })], codes: [] });
    expect(watch.afterStep(7, at(1)).hit).toEqual({ t: 7, ids: [], findings: [] });
    expect(watch.afterStep(8, at(1)).hit).toBeNull();
    watch.set({ all: [stop(1, { hits, seen: 2 }), stop(2, { seen: 0 })], codes: [] });
    expect(watch.afterStep(9, at(1)).hit?.ids).toEqual([1, 2]);
  });

  it('log instead of stopping', () => {
    const log = { parts: ['loss ', { type: 'number', node: { kind: 'scalar', name: 'loss' } }] } as const;
    const watch = new StopWatch({ all: [stop(4, { log })], codes: [] });
    expect(watch.afterStep(9, at(0.25))).toEqual({ hit: null, lines: [{ t: 9, id: 4, text: 'loss 0.25' }] });
  });

  it('say once that they write no further lines', () => {
    const watch = new StopWatch({ all: [stop(4, { log: { parts: ['here'] } })], codes: [] });
    const texts = Array.from({ length: 10_002 }, (_, i) => watch.afterStep(i + 1, at(1)).lines).flat();
    expect(texts.filter(({ text }) => text === 'here')).toHaveLength(10_000);
    expect(texts.at(-1)!.text).toContain('10,000 lines');
    expect(texts).toHaveLength(10_001);
  });

  it('stop once at a finding of a chosen code', () => {
    const watch = new StopWatch({ all: [], codes: ['divergence'] });
    watch.onFindings([finding('plateau-1', 'plateau'), finding('divergence-1', 'divergence')]);
    expect(watch.afterStep(5, at(1)).hit).toEqual({ t: 5, ids: [], findings: ['divergence-1'] });
    watch.onFindings([finding('divergence-1', 'divergence')]);
    expect(watch.afterStep(6, at(1)).hit).toBeNull();
  });
});
