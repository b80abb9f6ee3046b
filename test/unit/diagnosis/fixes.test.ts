import { expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import {
  batchFix,
  clipFix,
  decayFromFix,
  lrFix,
  noScheduleFix,
  optimizerFix,
  startFix,
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
