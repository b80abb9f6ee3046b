import { degreesToRadians, geodeticToEcf } from 'satellite.js';

/**
 * @loss
 * @start [0.5, 1]
 */
export function loss([x, y]) {
  const p = geodeticToEcf({ longitude: x, latitude: y / 2, height: 0.4 });
  return (p.x / 1000) ** 2 + p.y / 1000 + degreesToRadians(30) * p.z;
}
