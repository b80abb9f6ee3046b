import { even } from './cycle';

export const odd = (n: number, v: number): number => (n > 0 ? even(n - 1, v + 1) : -v);
