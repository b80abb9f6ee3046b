// JavaScript whose types stand in comments, and JavaScript without any.

/** @typedef {{ rate: number, size: number }} Params */

/** @param {Params} p */
export function documented(p) { return p.size * Math.exp(-p.rate); }

/**
 * @param {Object} p
 * @param {number} p.a
 * @param {number} p.b
 * @returns {number}
 */
export const described = (p) => p.a * p.a - p.b;

/** @type {(x: number, y: number) => number} */
export const numbers = (x, y) => x * Math.log(y);

/**
 * @param {number[]} w
 * @param {number} [power]
 */
export function optional(w, power) { return w[0] ** (power ?? 3) + w[1]; }

/** @param {Float64Array} w */
export const typed = (w) => w.subarray(1)[0] * w[0];

export const untyped = (p) => p.a * p.b + p.a;

export function two(x, y, power = 2) { return (x * y) ** power; }

export const list = (w) => w[0] * w[1];
