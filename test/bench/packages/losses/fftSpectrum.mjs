import FFT from 'fft.js';

const fft = new FFT(4);

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  const out = fft.createComplexArray();
  fft.realTransform(out, [x, y, x * y, 1]);
  return out[0] ** 2 + out[2] ** 2 + out[3] ** 2;
}
