// Vector functions as a library module offers them.
export function add(a, b) {
  return a.map((v, i) => v + b[i]);
}
export function subtract(a, b) {
  return a.map((v, i) => v - b[i]);
}
export function scale(a, factor) {
  return a.map((v) => v * factor);
}
export function dot(a, b) {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
export function norm(a) {
  return Math.sqrt(dot(a, a));
}
export function cross([a1, a2, a3], [b1, b2, b3]) {
  return [a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1];
}
