import { atLeast, integer, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const cosineOptions = {
  tMax: integer('steps', atLeast(1), 'Number of steps from lr down to etaMin.'),
  etaMin: number(0, atLeast(0), 'The smallest learning rate.'),
} as const;

/**
 * Half a cosine from lr to etaMin; Loshchilov & Hutter, arXiv:1608.03983, without restarts;
 * torch.optim.lr_scheduler.CosineAnnealingLR. After tMax it rises again, as in torch.
 *
 *   lr(t) = etaMin + ½ (lr − etaMin) (1 + cos(π (t − 1)/tMax))
 */
export const cosine: ScheduleDefinition<typeof cosineOptions> = {
  title: 'Cosine',
  doc: 'Half a cosine from lr down to etaMin over tMax steps.',
  options: cosineOptions,
  create: ({ tMax, etaMin }) => ({
    lr: (index, lr) => etaMin + 0.5 * (lr - etaMin) * (1 + Math.cos((Math.PI * index) / tMax)),
  }),
};
