import { expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import {
  batchFix,
  clipFix,
  decayFromFix,
  decoupledDecayFix,
  lrFix,
  noScheduleFix,
  optimizerFix,
  startFix,
  weightDecayFixes,
} from '../../../src/core/diagnosis/fixes';

const { config } = resolveConfig([]);
const { config: oneCycle } = resolveConfig([{ schedule: { name: 'oneCycle', maxLr: 1 } }]);

it.each([
  [lrFix(config, 1e-3), 'optimizer.lr=0.001'],
  [lrFix(oneCycle, 0.5), 'schedule.maxLr=0.5'],
  [optimizerFix('adam', 0.1), 'optimizer.name=adam,optimizer.lr=0.1'],
  [clipFix(2), 'clip.norm=2,clip.value=null'],
  [decayFromFix(90), 'schedule.name=multiStep,schedule.milestones=[90],schedule.gamma=0.1'],
  [noScheduleFix(), 'schedule=null'],
  [startFix([1, -2]), 'start=[1,-2]'],
  [batchFix(4, config), 'batch=4'],
])('the id of a fix lists the options that its patch sets: $0.title', (fix, id) => {
  expect(fix.id).toBe(id);
});

/** What a user types who copies the title of a fix into `@optimizer`, or its parts into `--optimizer` and `--set`. */
function typed(title: string) {
  const [first, ...others] = title.split(', ').map((each) => each.split(' '));
  const [name, ...option] = first!;
  const options = [option, ...others].map(([key, value]) => [key, Number(value)]);
  return { optimizer: { name, ...Object.fromEntries(options) } };
}

it.each([
  { name: 'adam', lr: 0.02, weightDecay: 0.1 },
  { name: 'adam', lr: 1 / 3, beta1: 0.8, beta2: 0.99, eps: 1e-10, weightDecay: 0.01 },
  { name: 'adam', weightDecay: 1e-3 },
] as const)(
  'the title of another optimizer names all options that differ from its defaults: $lr',
  (optimizer) => {
    const given = { optimizer };
    const before = resolveConfig([given]).config;
    const fixes = [
      ...decoupledDecayFix(before),
      ...weightDecayFixes(before),
      optimizerFix('sgd', before.optimizer.lr as number),
    ];
    expect(fixes).toHaveLength(4);
    for (const { title, patch } of fixes) {
      const copied = resolveConfig([given, typed(title)]);
      expect(copied.problems).toEqual([]);
      expect(copied.config, title).toEqual(resolveConfig([given, patch]).config);
      const { lr, beta1, eps } = before.optimizer;
      expect(copied.config.optimizer.lr).toBe(lr);
      if (copied.config.optimizer.name === 'adamw')
        expect(copied.config.optimizer).toMatchObject({ beta1, eps });
    }
  },
);
