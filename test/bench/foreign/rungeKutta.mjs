// Parameters of a predator-prey model, fitted through a Runge-Kutta solver that takes the system as a function.
function rk4(f, y, t, h) {
  const k1 = f(t, y);
  const k2 = f(
    t + h / 2,
    y.map((v, i) => v + (h / 2) * k1[i]),
  );
  const k3 = f(
    t + h / 2,
    y.map((v, i) => v + (h / 2) * k2[i]),
  );
  const k4 = f(
    t + h,
    y.map((v, i) => v + h * k3[i]),
  );
  return y.map((v, i) => v + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
}

function lotkaVolterra({ alpha, beta, gamma, delta }) {
  return (_t, [prey, predator]) => [
    alpha * prey - beta * prey * predator,
    delta * prey * predator - gamma * predator,
  ];
}

const observations = Array.from({ length: 40 }, (_, i) => ({
  t: 0.25 * (i + 1),
  y: [10 + 5 * Math.sin(0.5 * i), 5 + 3 * Math.cos(0.5 * i)],
}));

export function loss([alpha, beta, gamma, delta, prey0, predator0]) {
  const system = lotkaVolterra({ alpha, beta, gamma, delta });
  let y = [prey0, predator0];
  let t = 0;
  let error = 0;
  for (const { t: until, y: seen } of observations) {
    const steps = 5;
    const h = (until - t) / steps;
    for (let k = 0; k < steps; k++) {
      y = rk4(system, y, t, h);
      t += h;
    }
    error += y.reduce((sum, v, i) => sum + (v - seen[i]) ** 2, 0);
  }
  return error / observations.length;
}

export const start = [1.1, 0.1, 0.4, 0.03, 10, 5];
