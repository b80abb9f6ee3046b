import numeric from 'numeric';

/** @loss @start [0.5, 1.5] */
export function loss([x, y]) {
  const a = [
    [2 + x, y, 0.3],
    [y, 5 + x * y, 0.1],
    [0.3, 0.1, 4 + y],
  ];
  const inverse = numeric.inv(a);
  return Math.log(numeric.det(a)) + numeric.dot(numeric.dot([1, 2, x], inverse), [1, 2, x]);
}
