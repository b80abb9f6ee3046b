import { ClippingDominates } from './clippingDominates';
import { Divergence } from './divergence';
import { EpsDominates } from './epsDominates';
import { LossSpike } from './lossSpike';
import { NonFiniteGradient } from './nonFiniteGradient';
import { NonFiniteLoss } from './nonFiniteLoss';
import type { RecordingRuleClass } from './rule';
import { ZeroGradient } from './zeroGradient';

/** The rules of recordings, in the order in which their findings are shown. */
export const recordingRules: readonly RecordingRuleClass[] = [
  NonFiniteGradient,
  NonFiniteLoss,
  Divergence,
  LossSpike,
  ZeroGradient,
  EpsDominates,
  ClippingDominates,
];
