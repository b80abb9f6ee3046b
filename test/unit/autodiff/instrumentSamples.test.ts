import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime/index';
import { tracedObjective } from '../../../src/autodiff/tracedObjective';
import type { EvaluationContext } from '../../../src/core/objective';
import { DiskSources } from '../../../src/loss/diskSources';
import { type UserFunction, vectorCall } from '../../../src/loss/providers/javascript/callArguments';
import { fitStart } from '../../../src/loss/start/vectorStart';
import { allSamples, LoadedSample, samplesFolder } from '../samples/support/samples';
import { linkInstrumented, loadInstrumented } from './support/instrumented';
import { seededRandom } from './support/seededRandom';

const folder = mkdtempSync(path.join(tmpdir(), 'adamscope-samples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Loss = (params: unknown, context: EvaluationContext) => unknown;

async function loaded(sample: ReturnType<typeof allSamples>[number], runtime?: typeof $) {
  const { declaration } = sample;
  const instrumented = await linkInstrumented(declaration.file, new DiskSources([]), folder);
  expect(instrumented.linked.problems).toEqual([]);
  const exports = await loadInstrumented(instrumented, runtime);
  return exports[declaration.exportName!] as Loss;
}

/** The start, and random points around it. */
function points(sample: LoadedSample, seed: number): number[][] {
  const random = seededRandom(seed);
  const around = (spread: number) => sample.start.map((x) => x + spread * (random() - 0.5));
  return [[...sample.start], around(0.1), around(1), around(4)];
}

const context = (sample: LoadedSample): EvaluationContext => {
  const { samples } = sample.config.config;
  const indices = Array.from({ length: samples ?? 0 }, (_, index) => index);
  return { step: 1, epoch: 0, indices, random: seededRandom(7) };
};

describe('every sample', () => {
  test.each(allSamples().map((sample) => [sample.name, sample] as const))(
    '%s: the rewritten loss is bitwise equal, and its gradient is correct',
    async (_, sample) => {
      const plain = await LoadedSample.load(sample);
      const own = plain.function() as Loss;
      const passed = await loaded(sample);
      const real = await loaded(sample, $);
      const { form } = fitStart(sample.declaration, null);
      const given = (point: number[]) =>
        form.vector.kind === 'Float64Array' ? Float64Array.from(point) : [...point];
      const objective = tracedObjective({
        dim: plain.start.length,
        call: vectorCall(real as UserFunction, form, $),
        notANumber: () => new Error('no number'),
      });
      for (const point of points(plain, 11)) {
        const expected = (await own(given(point), context(plain))) as number;
        expect(await passed(given(point), context(plain))).toBe(expected);
        expect(await real(given(point), context(plain))).toBe(expected);
        const grad = new Float64Array(point.length);
        const params = Float64Array.from(point);
        const value = await objective.valueAndGradient(params, grad, () => context(plain));
        expect(value).toBe(expected);
        if (!Number.isFinite(expected)) continue;
        for (let i = 0; i < point.length; i++) {
          const step = 1e-6 * Math.max(1, Math.abs(point[i]!));
          const at = async (x: number) => (await own(given(point.with(i, x)), context(plain))) as number;
          const difference = ((await at(point[i]! + step)) - (await at(point[i]! - step))) / (2 * step);
          const scale = Math.max(1, Math.abs(difference), Math.abs(expected));
          expect(Math.abs(grad[i]! - difference) / scale, `d/dx${i} at ${point}`).toBeLessThan(2e-5);
        }
      }
    },
    30_000,
  );
});

test('the tests cover all samples of the folder', () => {
  expect(allSamples().length).toBeGreaterThan(20);
  expect(allSamples().every(({ declaration }) => declaration.file.startsWith(samplesFolder))).toBe(true);
});
