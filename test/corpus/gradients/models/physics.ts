type State = readonly number[];

/** Predator and prey by the fourth-order Runge-Kutta method. */
export function lotkaVolterraLoss([a, b, c, d]: number[]): number {
  const f = ([x, y]: State): State => [a * x - b * x * y, c * x * y - d * y];
  const add = (u: State, v: State, k: number): State => u.map((q, i) => q + k * v[i]);
  const h = 0.1;
  let s: State = [1, 0.5];
  let loss = 0;
  for (let step = 1; step <= 20; step++) {
    const k1 = f(s);
    const k2 = f(add(s, k1, h / 2));
    const k3 = f(add(s, k2, h / 2));
    const k4 = f(add(s, k3, h));
    s = s.map((q, i) => q + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    if (step % 5 === 0) loss += (s[0] - 1) ** 2 + (s[1] - step / 10) ** 2;
  }
  return loss;
}

/** A bouncing ball by Euler's method: the impacts are branches. */
export function ballLoss([speed, bounce]: number[]): number {
  const ball = { height: 1, speed, time: 0 };
  const dt = 0.05;
  while (ball.time < 2) {
    ball.speed -= 9.81 * dt;
    ball.height += ball.speed * dt;
    if (ball.height < 0) {
      ball.height *= -bounce;
      ball.speed *= -bounce;
    }
    ball.time += dt;
  }
  return (ball.height - 0.7) ** 2 + 0.01 * ball.speed ** 2;
}

/** Lennard-Jones energy of four atoms, coordinates in a flat list. */
export function lennardJonesEnergy(p: Float64Array): number {
  let energy = 0;
  for (let i = 0; i < p.length; i += 3)
    for (let j = 0; j < i; j += 3) {
      let r2 = 0;
      for (let k = 0; k < 3; k++) r2 += (p[i + k] - p[j + k]) ** 2;
      const s6 = 1 / r2 ** 3;
      energy += 4 * (s6 * s6 - s6);
    }
  return energy;
}

/** A robot arm of three links that should touch a point and keep its elbow above ground. */
export function armLoss(angles: number[]): number {
  const lengths = [1, 0.8, 0.5];
  let heading = 0;
  const end = { x: 0, y: 0 };
  let penalty = 0;
  angles.forEach((angle, i) => {
    heading += angle;
    end.x += lengths[i] * Math.cos(heading);
    end.y += lengths[i] * Math.sin(heading);
    penalty += Math.max(0, -end.y) ** 2;
  });
  return Math.hypot(end.x - 1.2, end.y - 0.9) + 10 * penalty + 0.01 * angles.reduce((s, a) => s + a * a, 0);
}

/** A rotation by a quaternion that should map three points onto others. */
export function rotationLoss(q: number[]): number {
  const n = Math.sqrt(q.reduce((s, v) => s + v * v, 0));
  const [w, x, y, z] = q.map((v) => v / n);
  const R = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
  const pairs = [
    { from: [1, 0, 0], to: [0, 1, 0] },
    { from: [0, 2, 0], to: [0, 0, 2] },
    { from: [1, 1, 1], to: [1.1, 0.9, 1] },
  ];
  let s = 0;
  for (const { from, to } of pairs) R.forEach((row, i) => (s += (row[0] * from[0] + row[1] * from[1] + row[2] * from[2] - to[i]) ** 2));
  return s;
}

/** Total energy of a chain of pendulums, energies as getters of linked nodes. */
class Bob {
  constructor(
    private readonly angle: number,
    private readonly mass: number,
    private readonly above: Bob | null,
  ) {}
  get x(): number {
    return (this.above?.x ?? 0) + Math.sin(this.angle);
  }
  get y(): number {
    return (this.above?.y ?? 0) - Math.cos(this.angle);
  }
  get energy(): number {
    return this.mass * 9.81 * this.y + 3 * this.x ** 2 + (this.above?.energy ?? 0);
  }
}
export const chainEnergy = (angles: number[]): number =>
  angles.reduce<Bob | null>((above, angle, i) => new Bob(angle, 1 + 0.5 * i, above), null)!.energy;

/** Heat in a rod, implicit steps solved by elimination in place; the conductivity differs by cell. */
export function rodLoss(k: number[]): number {
  const n = k.length;
  const u = new Float64Array(n).map((_, i) => Math.sin((i + 1) * 0.7));
  const upper = new Float64Array(n);
  for (let step = 0; step < 4; step++) {
    let pivot = 1 + 2 * k[0];
    u[0] /= pivot;
    for (let i = 1; i < n; i++) {
      upper[i] = -k[i - 1] / pivot;
      pivot = 1 + 2 * k[i] + k[i] * upper[i];
      u[i] = (u[i] + k[i] * u[i - 1]) / pivot;
    }
    for (let i = n - 2; i >= 0; i--) u[i] -= upper[i + 1] * u[i + 1];
  }
  return u.reduce((s, v, i) => s + (v - 0.2 * i) ** 2, 0);
}
