/** @typedef {{ near: number, far: number }} Weights */
export default function (x) {
  return x * x;
}
