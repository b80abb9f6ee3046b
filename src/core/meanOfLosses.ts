/**
 * Where the loss function differs from step to step, a single loss says little: the mean of this many losses counts as one.
 * With mini-batches, of at least an epoch.
 */
export const lossesInMean = 20;
