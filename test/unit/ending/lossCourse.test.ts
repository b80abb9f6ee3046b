import { describe, expect, it } from 'vitest';
import { type CourseUnit, LossCourse } from '../../../src/core/ending/lossCourse';
import { seededRandom } from '../../../src/core/numerics/random';
import type { StepView } from '../../../src/core/update';

function courseOf(losses: readonly number[], unit: Partial<CourseUnit> = {}): LossCourse {
  const course = new LossCourse({ stepsPerEpoch: 1, averaged: 1, isExact: false, ...unit });
  losses.forEach((loss, i) => {
    course.onStep({ t: i + 1, loss, watched: Number.NaN } as StepView);
  });
  return course;
}

const steps = (count: number, lossAt: (t: number) => number) =>
  Array.from({ length: count }, (_, t) => lossAt(t));

describe('the course of a loss', () => {
  it('knows the lowest loss before the last one, whether or not that one is part of it', () => {
    const course = courseOf([3, 1, 2, 0.5]);
    expect(course.leastBefore(0.5)).toBe(1);
    expect(course.leastBefore(0.4)).toBe(0.5);
  });

  it.for([10, 200, 201, 1000, 12_345])('finds the slope of a straight line of %i steps', (count) => {
    const { tail } = courseOf(steps(count, (t) => 5 - 0.001 * t));
    expect(tail!.fallPerStep).toBeCloseTo(0.001, 12);
    expect(tail!.isFalling).toBe(true);
    expect(tail!.ratio).toBeCloseTo(1, 6);
  });

  it('finds that a geometric decrease slows down', () => {
    const { tail } = courseOf(steps(1000, (t) => 1 + 0.99 ** t));
    expect(tail!.ratio).toBeLessThan(0.6);
    expect(courseOf(steps(1000, (t) => 1 + 0.9999 ** t)).tail!.ratio).toBeGreaterThan(0.98);
  });

  it.for([5, 60, 1000])('gives the slope at the end of %i steps that slow down', (count) => {
    const rate = 1 / count;
    const { tail } = courseOf(steps(count, (t) => Math.exp(-rate * t)));
    const last = rate * Math.exp(-rate * count);
    expect(tail!.fallAtEnd / last).toBeGreaterThan(0.9);
    expect(tail!.fallAtEnd / last).toBeLessThan(1.3);
  });

  it('does not let the begin of its end count as the slope at the end', () => {
    const { tail } = courseOf(steps(500, (t) => (t < 410 ? 0.02 : 1e-6 * (1 + ((t * 7919) % 101) / 50))));
    expect(Math.abs(tail!.fallAtEnd)).toBeLessThan(1e-6);
  });

  it('states the rate of the end, not that of the recovery from a spike', () => {
    const { tail } = courseOf(
      steps(1500, (t) => 5 - 1e-4 * t + (t < 1230 ? 0 : 0.5 * Math.exp((1230 - t) / 20))),
      { isExact: true },
    );
    expect(tail!.fallPerStep).toBeGreaterThan(2e-4);
    expect(tail!.rate! / 1e-4).toBeCloseTo(1, 1);
  });

  it.for([3, 7, 40])(
    'states no rate of a loss that oscillates with period %i by more than it falls',
    (period) => {
      const { tail } = courseOf(
        steps(800, (t) => -1e-3 * t + 0.3 * Math.sin((2 * Math.PI * t) / period)),
        { isExact: true },
      );
      expect(tail!.rate).toBeNull();
    },
  );

  it('knows its highest loss', () => {
    expect(courseOf([2, 9, 3, Number.POSITIVE_INFINITY, 1]).peak).toEqual({ loss: 9, t: 2 });
  });

  it('does not take noise for a decrease', () => {
    const { tail } = courseOf(steps(1000, (t) => ((t * 7919) % 101) / 101));
    expect(tail!.isFalling).toBe(false);
  });

  it.for([100, 400, 12_345])('knows the standard error of the mean of %i random losses', (count) => {
    const random = seededRandom(3, count);
    const losses = steps(count, () => -Math.log(1 - random()));
    const { tail } = courseOf(losses, { averaged: 20 });
    const n = tail!.steps + tail!.blockSteps;
    const end = Math.floor(count / tail!.blockSteps) * tail!.blockSteps;
    const last = losses.slice(end - n, end);
    const mean = last.reduce((sum, each) => sum + each / n, 0);
    const variance = last.reduce((sum, each) => sum + (each - mean) ** 2 / (n - 1), 0);
    expect(tail!.mean).toBeCloseTo(mean, 10);
    expect(tail!.standardError).toBeCloseTo(Math.sqrt(variance / n), 10);
  });

  it('finds a decrease among random losses, but not one that their standard error explains', () => {
    const falling = (fall: number) =>
      steps(200, (seed) => {
        const random = seededRandom(4, seed);
        const losses = steps(400, (t) => -Math.log(1 - random()) - fall * t);
        return courseOf(losses, { averaged: 20 }).tail!.isFalling ? 1 : 0;
      }).reduce((sum: number, each) => sum + each, 0);
    expect(falling(0)).toBeLessThan(4);
    expect(falling(0.05)).toBeGreaterThan(195);
  });

  it('is unknown for a few steps', () => {
    expect(courseOf([3, 2, 1]).tail).toBeNull();
  });

  it('skips losses that are not finite', () => {
    const course = courseOf([Number.NaN, 4, Number.POSITIVE_INFINITY, 1]);
    expect(course.start).toBe(4);
    expect(course.least).toBe(1);
  });

  it('counts means of losses as losses where the loss function differs from step to step', () => {
    const course = courseOf([1, 3, 0, 2, 10], { averaged: 2 });
    expect(course.start).toBe(2);
    expect(course.least).toBe(1);
  });

  it('consists of the watched losses after the epochs', () => {
    const course = courseOf([100], { stepsPerEpoch: 4 });
    for (const watched of [5, 4, 3]) course.onEpoch({ epoch: 0, t: 4, watched });
    expect(course.least).toBe(3);
    expect(course.start).toBe(5);
  });
});
