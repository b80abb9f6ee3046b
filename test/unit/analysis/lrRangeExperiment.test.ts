import { it } from 'vitest';
import { lrRangeTest } from '../../../src/core/analysis/lrRange/lrRangeTest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { runPatch } from '../../support/run';
import { beale, bowl, logisticRegression, rosenbrock } from '../diagnosis/support/problems';

it('experiment', async () => {
  const problems: [string, any, any][] = [
    ['bowl1', bowl([100], [1]), {}],
    ['bowl100', bowl([100, 1], [1, 1]), {}],
    ['rosen', rosenbrock(), {}],
    ['beale', beale(), {}],
    ['far', bowl([1, 1], [500, -300]), {}],
    ['stiff', bowl([1e9, 1e6], [1, 1]), {}],
  ];
  for (const optimizer of ['sgd', 'adam', 'rmsprop', 'adagrad'])
    for (const [name, { objective, start }, extra] of problems) {
      const { config } = resolveConfig([{ optimizer: { name: optimizer }, ...extra }]);
      const r = await lrRangeTest({ objective, start: Float64Array.from(start), config, seeds: 3, control: { went: () => true } });
      const finals = [];
      for (const { name: n, lr } of r.rates) {
        if (!lr) { finals.push(`${n} none`); continue; }
        const o = await runPatch(objective, start, { optimizer: { name: optimizer, lr: lr.median }, steps: 1000 });
        finals.push(`${n} ${lr.median.toPrecision(2)} → ${o.final.loss.toPrecision(2)}`);
      }
      let best = [0, Infinity];
      for (let e = -9; e <= 3; e += 0.5) {
        const o = await runPatch(objective, start, { optimizer: { name: optimizer, lr: 10 ** e }, steps: 1000 });
        if (o.final.loss < best[1]!) best = [10 ** e, o.final.loss];
      }
      console.log(optimizer, name, r.range, r.sweeps[0]!.ended, finals.join('; '), 'BEST', best.map((x) => x.toPrecision(2)).join(' → '));
    }
});
