import { describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime/index';
import { directionComponent } from '../../../src/autodiff/ties';
import type { TracedLoss } from '../../../src/autodiff/tracedObjective';
import { seededRandom } from '../../../src/core/numerics/random';
import { Workspace } from '../loss/workspace';
import { build, distance } from './support/generated';
import { linkInstrumented, loadInstrumented } from './support/instrumented';
import { kinkProgram } from './support/kinkProgram';
import { tracedGradient } from './support/tracedGradient';
import { traced } from './support/tracing';

const dim = 3;
const direction = Array.from({ length: dim }, (_, i) => directionComponent(i));
const epsilon = 2 ** -16;

const moved = (at: readonly number[], by: number) => at.map((x, i) => x + by * direction[i]!);
const dot = (grad: readonly number[]) => grad.reduce((sum, g, i) => sum + g * direction[i]!, 0);

/** To replay one program, put its seed here alone. */
const seeds = Array.from({ length: 40 }, (_, i) => 9000 + i);

test('random nested kinks have the mean of the gradients just ahead and just behind', {
  timeout: 120_000,
}, async () => {
  const files = Object.fromEntries(seeds.map((seed) => [`p${seed}.mjs`, kinkProgram(seed, dim)]));
  const workspace = new Workspace(files);
  const counts = { ties: 0, generated: 0, abandoned: 0 };
  for (const seed of seeds) {
    const file = workspace.path(`p${seed}.mjs`);
    const program = await loadInstrumented(await linkInstrumented(file, workspace, workspace.root), $);
    const call = program.loss as TracedLoss['call'];
    const text = files[`p${seed}.mjs`]!;
    const generated = (['forward', 'reverse'] as const).map((mode) => build(text, dim, mode));
    const { loss } = generated[0]!;
    const random = seededRandom(seed, 1);
    for (let k = 0; k < 10; k++) {
      const at = Array.from({ length: dim }, () => (k === 0 ? 0 : Math.round(3 * (random() - 0.5))));
      const replay = `seed ${seed}, at [${at}]\n${text}`;
      const [ahead, behind] = [1, -1].map((side) => tracedGradient(call, moved(at, side * epsilon)).grad);
      const expected = ahead!.map((each, i) => (each + behind![i]!) / 2);
      const size = Math.max(1, ...expected.map(Math.abs));
      if (ahead!.some((each, i) => each !== behind![i])) counts.ties++;
      for (const isChecked of [false, true]) {
        const { value, grad } = tracedGradient(call, at, isChecked);
        expect(value, replay).toBe(loss([...at], {}));
        for (const [i, each] of grad.entries())
          expect(Math.abs(each - expected[i]!), `${replay}\n[${[...grad]}], not [${expected}]`).toBeLessThan(
            1e-12 * size,
          );
        const difference = (loss(moved(at, epsilon), {}) - loss(moved(at, -epsilon), {})) / (2 * epsilon);
        expect(Math.abs(dot([...grad]) - difference), replay).toBeLessThan(1e-8 * size);
      }
      for (const { gradient } of generated) {
        const grad = [0, 0, 0];
        const value = gradient([...at], grad, {});
        counts[value === null ? 'abandoned' : 'generated']++;
        if (value !== null) expect(distance(grad, expected), replay).toBeLessThan(1e-12);
      }
    }
  }
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(seeds.length / 2);
});

describe('generated code', () => {
  test.each([
    ['a rectifier of 0 times a parameter', 'Math.max(0, p[0] * 0) + p[1]', [3, 4]],
    [
      'the distance of a point to itself',
      'p.map((x) => p.map((y) => Math.abs(x - y)).reduce((s, d) => s + d, 0)).reduce((s, d) => s + d, 0)',
      [3, 4],
    ],
    ['the length of a difference', 'Math.hypot(p[0] - p[0], p[1] - p[1]) * 3 + p[0] * p[1]', [3, 4]],
    ['random numbers', 'Math.max(0, p[0] * 0) * context.random() + p[1] * context.random()', [3, 4]],
  ])('is used where ties do not affect the gradient: %s', (_, text, at) => {
    for (const mode of ['forward', 'reverse'] as const) {
      const { gradient, loss } = build(`export const loss = (p, context) => ${text};`, 2, mode);
      let drawn = 0;
      const context = () => ({ random: () => [0.25, 0.75][drawn++ % 2] });
      const value = loss([...at], context());
      drawn = 0;
      expect(gradient([...at], [0, 0], context())).toBe(value);
    }
  });
});

test('components of the direction are different, of both signs, and of sizes between 0.5 and 1.5', () => {
  const components = Array.from({ length: 100_000 }, (_, i) => directionComponent(i));
  expect(new Set(components.map(Math.abs)).size).toBe(components.length);
  expect(components.filter((each) => each > 0).length / components.length).toBeCloseTo(0.5, 2);
  expect(components.reduce((sum, each) => sum + Math.abs(each), 0) / components.length).toBeCloseTo(1, 2);
  for (const each of components) expect(Math.abs(Math.abs(each) - 1)).toBeLessThanOrEqual(0.5);
});

test('thousands of ties in one loop do not exceed the stack', () => {
  const count = 100_000;
  const loop = $.loopSum({
    parameters: 1,
    test: 'i < p0.length',
    step: 'i++',
    reads: 'const x1 = p0[i];',
    leaves: 2,
    tree: ['add', 1, 0, ['abs', 2, 1]],
    pure: { numbers: [], lists: ['p0'], rows: [], reads: 'const x1 = p0[i];' },
  });
  const found = traced((params) => loop.run(0, 0, params), new Array<number>(count).fill(0));
  expect(found.value).toBe(0);
  expect(found.grad.every((each) => each === 0)).toBe(true);
  expect(loop.isDirect).toBe(true);
});
