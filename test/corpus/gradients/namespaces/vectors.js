export const origin = [0.5, -1];
export const scale = 3;

export function add(a, b) {
  return a.map((v, i) => v + b[i]);
}

export const dot = (a, b) => {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
};

const length = (a) => Math.sqrt(dot(a, a));
export { length as norm };

export default function cube(x) {
  return x ** 3;
}
