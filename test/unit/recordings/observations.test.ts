import { describe, expect, it } from 'vitest';
import type { ScriptPlace } from '../../../src/recordings/recording';
import { RecordingFindings } from '../../../src/recordings/recordingFindings';
import { recording } from './support';

const place = { file: '/work/train.py', line: 8, function: '<module>' };
const event = (step: number, observed: object) => JSON.stringify({ step, observed });
const locationOf = ({ file, line }: ScriptPlace) => ({ file, line, column: 1, endLine: line, endColumn: 9 });

function findingsOf(...events: string[]) {
  const findings = new RecordingFindings(recording, locationOf);
  findings.take({ steps: [], digests: [], events });
  return findings.all;
}

describe('observations', () => {
  it('of one line are one finding, with all tensors and the number of times', () => {
    const kind = 'gradients-not-zeroed';
    const [finding, ...others] = findingsOf(
      event(2, { kind, count: 1, place, tensors: ['0.weight'] }),
      event(3, { kind, count: 2, place, tensors: ['0.bias'] }),
      event(5, { kind, count: 4, place, tensors: [] }),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      id: 'gradients-not-zeroed-1',
      severity: 'warning',
      steps: [2, 5],
      evidence: { seen: 4, tensors: 2 },
      coordinates: recording.coordinates,
      location: { line: 8 },
    });
    expect(finding!.detail).toContain('0.weight and 0.bias');
  });

  it('of two lines are two findings', () => {
    const events = [8, 9].map((line) =>
      event(1, { kind: 'no-new-gradient', count: 1, place: { ...place, line } }),
    );
    expect(findingsOf(...events).map(({ id, location }) => [id, location!.line])).toEqual([
      ['no-new-gradient-1', 8],
      ['no-new-gradient-2', 9],
    ]);
  });

  it('state how values changed', () => {
    const written = (how: string, values: number[]) =>
      findingsOf(
        event(4, { kind: 'written-between', count: 1, place, tensors: ['0.bias'], how, values, loaded: [] }),
      )[0]!;
    expect(written('clamp', [-0.5, 0.5]).detail).toContain('0.bias is limited to -0.5 and 0.5');
    expect(written('scale', [0.25]).detail).toContain('0.bias is multiplied by 0.25');
    expect(written('other', []).headline).toBe('0.bias is written outside the optimizer.');
  });

  it('of a newer recorder, and damaged ones, are left out', () => {
    expect(
      findingsOf(event(1, { kind: 'of-the-future', count: 1 }), '{', '{"step":1}', event(1, { kind: 3 })),
    ).toEqual([]);
  });

  it('with evidence of another shape still make sentences', () => {
    for (const kind of [
      'unexplained-update',
      'load-changed-state',
      'loss-not-divided',
      'clipped-before-unscale',
    ]) {
      const [finding] = findingsOf(
        event(1, { kind, count: 1, worst: 'x', differences: 7, backwards: 'many', norm: null }),
      );
      expect(`${finding!.headline} ${finding!.detail}`).not.toMatch(/undefined|unknown|\[object|NaN|: \./);
    }
  });
});
