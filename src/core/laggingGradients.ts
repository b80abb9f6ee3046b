/**
 * From this correlation of the gradients of consecutive steps, parameters lag behind a minimum that moves: gradients at a
 * minimum differ by chance.
 */
export const laggingCorrelation = 0.5;
