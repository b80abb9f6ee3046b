import erf from './special';
import * as special from './special';

/** @derivative erf */
export const dErf = (x: number): number => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);

/** @derivative special.gauss.pdf */
export const dPdf = (x: number): number => -2 * x * special.gauss.pdf(x);

export const used = typeof erf;
