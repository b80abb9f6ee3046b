export * from './vectors.js';
export const factor = 5;
