import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../../src/autodiff/refusal';
import type { MaybePromise, Objective, OpenContext } from '../../../src/core/objective';
import {
  comparedWithPlain,
  type PlainLoss,
} from '../../../src/loss/providers/javascript/checks/comparedWithPlain';

const openAt =
  (step: number): OpenContext =>
  () => ({ step, epoch: 0, indices: [], random: () => 0.5 });

type Value = (x: number, step: number) => MaybePromise<number>;

/** x² + 1 in two programs, each as one of the functions changes it. */
function pair(rewritten: Value, plain: Value, fresh: Value = plain) {
  const evaluated: number[] = [];
  const exact: Objective = {
    dim: 1,
    gradientMode: 'exact',
    value: ([x], open) => rewritten(x!, open().step),
    valueAndGradient([x], grad, open) {
      grad[0] = 2 * x!;
      return rewritten(x!, open().step);
    },
  };
  const lossOf =
    (value: Value): Objective['value'] =>
    ([x], open) => {
      evaluated.push(open().step);
      return value(x!, open().step);
    };
  const loss: PlainLoss = {
    get: async () => lossOf(plain),
    fresh: async () => lossOf(fresh),
    describe: String,
  };
  return { objective: comparedWithPlain(exact, loss, 3), evaluated };
}

async function evaluations(objective: Objective, count: number): Promise<unknown[]> {
  const grad = new Float64Array(1);
  const results: unknown[] = [];
  for (let step = 1; step <= count; step++)
    try {
      results.push(await objective.valueAndGradient(Float64Array.of(0.3), grad, openAt(step)));
    } catch (error) {
      results.push(error);
    }
  return results;
}

const same = (x: number) => x * x + 1;
const throwing =
  (error: unknown): Value =>
  () => {
    throw error;
  };
const sixth =
  (other: Value): Value =>
  (x, step) =>
    step >= 6 ? other(x, step) : same(x);

// The distance to the next comparison depends on measured times: here no time passes.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an exact objective beside the unchanged program', () => {
  it.each(['now', 'later'])('gives its own values while they are the same (%s)', async (when) => {
    const rewritten: Value = when === 'now' ? same : async (x) => same(x);
    const { objective, evaluated } = pair(rewritten, same);
    const results = await evaluations(objective, 2000);
    expect(new Set(results)).toEqual(new Set([0.3 * 0.3 + 1]));
    expect(evaluated[0]).toBe(1);
    expect(evaluated.length).toBeGreaterThan(5);
    expect(evaluated.length).toBeLessThan(40);
  });

  it('ends at the first difference in one bit, with both values', async () => {
    const { objective } = pair((x) => x * x + 1 + 2 ** -52, same);
    const [error] = await evaluations(objective, 1);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ code: 'not-the-same' });
    expect((error as Refusal).message).toBe(
      'at step 1 the program rewritten for exact gradients returned 1.0900000000000003, but the program itself returned 1.09',
    );
  });

  it('tells 0 from −0, and takes NaN for NaN', async () => {
    expect(
      (
        await evaluations(
          pair(
            () => 0,
            () => -0,
          ).objective,
          1,
        )
      )[0],
    ).toBeInstanceOf(Refusal);
    expect(
      await evaluations(
        pair(
          () => Number.NaN,
          () => Number.NaN,
        ).objective,
        3,
      ),
    ).toEqual([NaN, NaN, NaN]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('compares every value of %d', async (value) => {
    const { objective } = pair(
      sixth(() => value),
      same,
    );
    const results = await evaluations(objective, 6);
    expect(results.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => same(0.3)));
    expect(results[5]).toBeInstanceOf(Refusal);
  });

  it('compares values whose gradient is not finite', async () => {
    const exact: Objective = {
      dim: 1,
      gradientMode: 'exact',
      value: () => 1,
      valueAndGradient(_params, grad, open) {
        grad[0] = open().step === 6 ? Number.NaN : 1;
        return 1;
      },
    };
    const loss = async () => (_params: Float64Array, open: OpenContext) => (open().step === 6 ? 2 : 1);
    const objective = comparedWithPlain(exact, { get: loss, fresh: loss, describe: String }, 3);
    expect((await evaluations(objective, 6))[5]).toBeInstanceOf(Refusal);
  });

  it('bounds the comparisons of a loss that stays infinite', async () => {
    const { objective, evaluated } = pair(
      () => Number.POSITIVE_INFINITY,
      () => Number.POSITIVE_INFINITY,
    );
    await evaluations(objective, 1000);
    expect(evaluated.length).toBeLessThan(160);
  });

  it('takes an error of the rewritten program alone for a difference, with the error as its cause', async () => {
    const thrown = new TypeError('lat.toRadians is not a function');
    const { objective } = pair(sixth(throwing(thrown)), same);
    const error = (await evaluations(objective, 6))[5] as Refusal;
    expect(error).toBeInstanceOf(Refusal);
    expect(error.cause).toBe(thrown);
    expect(error.message).toContain('TypeError: lat.toRadians is not a function');
  });

  it('takes an error of the unchanged program alone for a difference', async () => {
    const thrown = new RangeError('too far');
    const error = (await evaluations(pair(same, throwing(thrown)).objective, 1))[0] as Refusal;
    expect(error).toBeInstanceOf(Refusal);
    expect(error.cause).toBe(thrown);
  });

  it('gives the user’s own error if both programs fail', async () => {
    const own = new RangeError('too far');
    const { objective } = pair(throwing(new RangeError('$.get: too far')), throwing(own));
    expect(await evaluations(objective, 1)).toEqual([own]);
    expect((await evaluations(objective, 1))[0]).toBe(own);
  });

  it('leaves refusals as they are', async () => {
    const refusal = new Refusal('json', 'JSON');
    const { objective, evaluated } = pair(throwing(refusal), same);
    expect((await evaluations(objective, 1))[0]).toBe(refusal);
    expect(evaluated).toEqual([]);
  });

  it('blames nobody if the unchanged program differs from itself', async () => {
    let calls = 0;
    const { objective, evaluated } = pair(same, (x) => same(x) + calls++ + 1);
    expect(await evaluations(objective, 100)).toEqual(Array.from({ length: 100 }, () => same(0.3)));
    expect(evaluated).toEqual([1, 1]);
  });

  it('blames nobody if the rewritten program gives the same at the second attempt, and goes on comparing', async () => {
    let calls = 0;
    const { objective, evaluated } = pair((x) => same(x) + (calls++ === 0 ? 1e-9 : 0), same);
    const results = await evaluations(objective, 1000);
    expect(results.every((result) => typeof result === 'number')).toBe(true);
    expect(evaluated.length).toBeGreaterThan(4);
  });

  it('blames nobody if another instance of the unchanged program differs', async () => {
    const { objective, evaluated } = pair(
      same,
      (x) => x * x + 2,
      (x) => x * x + 3,
    );
    expect(await evaluations(objective, 100)).toEqual(Array.from({ length: 100 }, () => same(0.3)));
    expect(evaluated).toEqual([1, 1, 1]);
  });

  it('gives its own results if there is no second program', async () => {
    const { objective } = pair(same, same);
    const alone = comparedWithPlain(
      objective,
      { get: async () => null, fresh: async () => null, describe: String },
      0,
    );
    expect(await evaluations(alone, 2)).toEqual([same(0.3), same(0.3)]);
  });
});
