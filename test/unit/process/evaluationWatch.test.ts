import { describe, expect, it } from 'vitest';
import { type Activity, EvaluationWatch } from '../../../src/process/evaluationWatch';

const inLoss: Activity = { beat: 1, inUserCode: true, mayWait: false };

/**
 * The time at which a watch with a limit of 400 ms reports, when it is checked every 10 ms for a minute; null
 * if it does not.
 */
function reportedAt(activityAt: (now: number) => Activity, lookEvery = 10): number | null {
  const watch = new EvaluationWatch(400, 0);
  for (let now = lookEvery; now <= 60_000; now += lookEvery)
    if (watch.isOverdue(now, activityAt(now))) return now;
  return null;
}

describe('the watch of evaluations', () => {
  it('reports an evaluation that exceeds the limit, soon afterwards', () => {
    const at = reportedAt(() => inLoss);
    expect(at).toBeGreaterThan(400);
    expect(at).toBeLessThan(440);
  });

  it('does not report many short evaluations', () => {
    expect(reportedAt((now) => ({ ...inLoss, beat: Math.floor(now / 390) }))).toBeNull();
  });

  it('restarts with each evaluation', () => {
    const at = reportedAt((now) => ({ ...inLoss, beat: Math.min(5, Math.floor(now / 300)) }));
    expect(at).toBeGreaterThan(1900);
    expect(at).toBeLessThan(1940);
  });

  it('does not count time in which the thread may be waiting', () => {
    expect(reportedAt(() => ({ ...inLoss, mayWait: true }))).toBeNull();
    const at = reportedAt((now) => ({ beat: 1, inUserCode: now > 5000, mayWait: now <= 5000 }));
    expect(at).toBeGreaterThan(5400);
  });

  it('has a longer limit for our own code, because a built-in function may call user code', () => {
    const at = reportedAt(() => ({ beat: 1, inUserCode: false, mayWait: false }));
    expect(at).toBeGreaterThan(30_000);
    expect(at).toBeLessThan(30_100);
  });

  it('does not report an evaluation because the machine was suspended', () => {
    const watch = new EvaluationWatch(2000, 0);
    expect(watch.isOverdue(10, inLoss)).toBe(false);
    expect(watch.isOverdue(3_600_000, inLoss)).toBe(false);
    expect(watch.isOverdue(3_600_010, { ...inLoss, beat: 2 })).toBe(false);
  });
});
