// Initial velocities of bodies as {x, y, z} objects that are changed in place.
const masses = [10, 1, 0.5, 0.8];
const positions = [
  { x: 0, y: 0, z: 0 },
  { x: 3, y: 0, z: 0.1 },
  { x: 0, y: 5, z: -0.2 },
  { x: -7, y: 0.5, z: 0 },
];
const goals = [
  { x: 0.2, y: 0.1, z: 0 },
  { x: 1, y: 2.5, z: 0.1 },
  { x: -3.5, y: 3, z: -0.1 },
  { x: -6, y: -2, z: 0.1 },
];

function simulate(bodies, steps, dt) {
  for (let step = 0; step < steps; step++) {
    for (const a of bodies) {
      let ax = 0;
      let ay = 0;
      let az = 0;
      for (const b of bodies) {
        if (a === b) continue;
        const dx = b.position.x - a.position.x;
        const dy = b.position.y - a.position.y;
        const dz = b.position.z - a.position.z;
        const r2 = dx * dx + dy * dy + dz * dz + 0.01;
        const f = b.mass / (r2 * Math.sqrt(r2));
        ax += f * dx;
        ay += f * dy;
        az += f * dz;
      }
      a.velocity.x += ax * dt;
      a.velocity.y += ay * dt;
      a.velocity.z += az * dt;
    }
    for (const { position, velocity } of bodies) {
      position.x += velocity.x * dt;
      position.y += velocity.y * dt;
      position.z += velocity.z * dt;
    }
  }
}

export function loss(params) {
  const bodies = masses.map((mass, i) => ({
    mass,
    position: { ...positions[i] },
    velocity: { x: params[3 * i], y: params[3 * i + 1], z: params[3 * i + 2] },
  }));
  simulate(bodies, 60, 0.02);
  return bodies.reduce((sum, { position }, i) => {
    const { x, y, z } = goals[i];
    return sum + (position.x - x) ** 2 + (position.y - y) ** 2 + (position.z - z) ** 2;
  }, 0);
}

export const start = [0, 0, 0, 0.1, 1.8, 0, -1.4, 0, 0.1, 0, -1.1, 0];
