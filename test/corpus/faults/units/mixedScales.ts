/** Parameters of very different sizes in one loss, each with a learning rate in its own unit. */
const doses = [0.2e-6, 0.5e-6, 1e-6, 2e-6, 4e-6, 8e-6, 16e-6, 40e-6];
const rates = [26800, 58100, 101200, 149000, 202500, 239000, 268400, 285500];

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling; ill-conditioned; edge-of-stability
 * May: plateau:converged
 * Verdict: converged
 * Because: the derivative along km at the start is 4.86e14, because the loss of 2e10 changes over a length of 1e-5. Both
 * learning rates are in the unit of their parameter, and the run ends at the least squares fit, 1.9463e6.
 *
 * @loss
 * @start vmax=100000 km=1e-5
 * @optimizer adam lr=1000
 * @group km lr=1e-7 eps=1e-15
 * @schedule cosine tMax=3000
 * @steps 3000
 */
export function enzyme({ vmax, km }: { vmax: number; km: number }): number {
  return doses.reduce((sum, c, i) => sum + ((vmax * c) / (km + c) - rates[i]) ** 2, 0) / doses.length;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling; ill-conditioned; edge-of-stability; divergence
 * May: plateau:converged
 * Verdict: converged
 * Because: the same fit by central differences. A step of 6e-6 along km is half of km; one of 1e-10 gives eight digits.
 *
 * @loss
 * @start vmax=100000 km=1e-5
 * @optimizer adam lr=1000
 * @group km lr=1e-7 eps=1e-15
 * @schedule cosine tMax=3000
 * @gradientMode finite-difference
 * @steps 3000
 */
export function enzymeByDifferences({ vmax, km }: { vmax: number; km: number }): number {
  return doses.reduce((sum, c, i) => sum + ((vmax * c) / (km + c) - rates[i]) ** 2, 0) / doses.length;
}

function byRate(vmax: number, km: number, power: number): number[] {
  let [v, k] = [0, 0];
  doses.forEach((c, i) => {
    const miss = (2 * ((vmax * c) / (km + c) - rates[i])) / doses.length;
    v += (miss * c) / (km + c);
    k -= (miss * vmax * c) / (km + c) ** power;
  });
  return [v, k];
}

/**
 * Finds: gradient-mismatch at «withoutSquare»
 * Silent: poor-scaling
 * Because: the denominator of the derivative along km is squared, and the gradient function forgot that: it gives 7e9 instead of
 * 4.86e14.
 *
 * @loss
 * @start [100000, 1e-5]
 * @optimizer adam lr=1000
 * @group 1 lr=1e-7 eps=1e-15
 * @gradient withoutSquare
 * @steps 300
 */
export function enzymeWrong([vmax, km]: number[]): number {
  return doses.reduce((sum, c, i) => sum + ((vmax * c) / (km + c) - rates[i]) ** 2, 0) / doses.length;
}

export function withoutSquare([vmax, km]: number[]): number[] {
  return byRate(vmax, km, 1);
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch
 * Because: the same gradient function with the square.
 *
 * @loss
 * @start [100000, 1e-5]
 * @optimizer adam lr=1000
 * @group 1 lr=1e-7 eps=1e-15
 * @gradient withSquare
 * @steps 300
 */
export function enzymeRight([vmax, km]: number[]): number {
  return doses.reduce((sum, c, i) => sum + ((vmax * c) / (km + c) - rates[i]) ** 2, 0) / doses.length;
}

export function withSquare([vmax, km]: number[]): number[] {
  return byRate(vmax, km, 2);
}

const delays = Array.from({ length: 30 }, (_, i) => (i + 1) * 1e-7);
const counts = delays.map((t) => 40000 * Math.exp(-t / 7e-7) + 1200);

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling; ill-conditioned; edge-of-stability
 * May: plateau:converged
 * Verdict: converged
 * Because: a decay of 700 nanoseconds in seconds, beside an amplitude of 40,000 counts; the data are exact, so the least loss is 0.
 *
 * @loss
 * @start a=30000 tau=1e-6 b=500
 * @optimizer adam lr=100
 * @group tau lr=1e-8 eps=1e-16
 * @schedule cosine tMax=2000
 * @steps 2000
 */
export function lifetime({ a, tau, b }: { a: number; tau: number; b: number }): number {
  return delays.reduce((sum, t, i) => sum + (a * Math.exp(-t / tau) + b - counts[i]) ** 2, 0) / delays.length;
}

const years = Array.from({ length: 15 }, (_, i) => i);
const persons = years.map((t) => (2.5e6 / (1 + Math.exp(-0.45 * (t - 7)))) * (1 + 0.02 * Math.sin(5 * t)));

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling; ill-conditioned
 * May: plateau:converged
 * Verdict: converged
 * Because: growth to K persons at the rate r: K is a million, r a fifth. The run ends at the least squares fit of the
 * data, 4.2289e-4.
 *
 * @loss
 * @start K=1000000 r=0.2 t0=5
 * @optimizer adam lr=0.01
 * @group K lr=5000
 * @steps 4000
 */
export function population({ K, r, t0 }: { K: number; r: number; t0: number }): number {
  return years.reduce((sum, t, i) => sum + (K / (1 + Math.exp(-r * (t - t0))) / 1e6 - persons[i] / 1e6) ** 2, 0) / 15;
}

function byGrowth([K, r, t0]: number[], sign: number): number[] {
  const g = [0, 0, 0];
  years.forEach((t, i) => {
    const e = Math.exp(-r * (t - t0));
    const s = 1 / (1 + e);
    const miss = (2 * (K * s - persons[i])) / 1e12 / 15;
    g[0] += miss * s;
    g[1] += miss * K * s * s * e * (t - t0);
    g[2] += sign * miss * K * s * s * e * r;
  });
  return g;
}

/**
 * Finds: gradient-mismatch at «plusSign»
 * Silent: poor-scaling
 * Because: the derivative along t0 has a minus, since a later turning point delays the growth; the gradient function has a plus.
 *
 * @loss
 * @start [1000000, 0.2, 5]
 * @optimizer adam lr=0.01
 * @group 0 lr=5000
 * @gradient plusSign
 * @steps 200
 */
export function populationWrong([K, r, t0]: number[]): number {
  return years.reduce((sum, t, i) => sum + ((K / (1 + Math.exp(-r * (t - t0))) - persons[i]) / 1e6) ** 2, 0) / 15;
}

export function plusSign(p: number[]): number[] {
  return byGrowth(p, 1);
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch
 * Because: the same gradient function with the minus.
 *
 * @loss
 * @start [1000000, 0.2, 5]
 * @optimizer adam lr=0.01
 * @group 0 lr=5000
 * @gradient minusSign
 * @steps 200
 */
export function populationRight([K, r, t0]: number[]): number {
  return years.reduce((sum, t, i) => sum + ((K / (1 + Math.exp(-r * (t - t0))) - persons[i]) / 1e6) ** 2, 0) / 15;
}

export function minusSign(p: number[]): number[] {
  return byGrowth(p, -1);
}

const kelvins = [300, 320, 340, 360, 380, 400];
const gas = 8.314462618;
const speeds = kelvins.map((T) => 2.4e13 * Math.exp(-83000 / (gas * T)));

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling
 * Because: a prefactor of 1e13 per second beside an energy of 80,000 joule per mole; each has a rate in its own unit.
 *
 * @loss
 * @start A=1e13 energy=80000
 * @optimizer adam lr=20
 * @group A lr=1e11 eps=1e-25
 * @steps 400
 */
export function arrhenius({ A, energy }: { A: number; energy: number }): number {
  return kelvins.reduce((sum, T, i) => sum + ((A * Math.exp(-energy / (gas * T))) / speeds[i] - 1) ** 2, 0);
}

const volts = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6];
const thermal = 0.025852;
const currents = volts.map((v) => 3e-12 * (Math.exp(v / (1.3 * thermal)) - 1));

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling; divergence
 * Because: the saturation current of a diode is 1e-12 ampere, its ideality factor 1.5. Its current grows by six powers of ten
 * over 0.3 volt, so residuals are of its logarithm. The run ends on the way, at 0.0608 of 59.3.
 *
 * @loss
 * @start current=1e-12 ideality=1.5
 * @optimizer adam lr=0.002
 * @group current lr=1e-14 eps=1e-4
 * @gradientMode finite-difference
 * @steps 400
 */
export function diode({ current, ideality }: { current: number; ideality: number }): number {
  return volts.reduce(
    (sum, v, i) => sum + Math.log((current * (Math.exp(v / (ideality * thermal)) - 1)) / currents[i]) ** 2,
    0,
  );
}

/**
 * Finds: nothing
 * Silent: divergence; gradient-mismatch; plateau:converged; plateau:lr-too-small
 * Verdict: unstable
 * Because: the first step of 0.05 takes km from 1e-5 to -0.05, where the loss is 3.6e10 instead of 2.3e10, and flat. One jump by
 * 58 % is not growth without bound: from there the loss falls, too slowly to return.
 *
 * @loss
 * @start vmax=100000 km=1e-5
 * @optimizer adam lr=0.05
 * @steps 1500
 */
export function enzymeInOneUnit({ vmax, km }: { vmax: number; km: number }): number {
  return doses.reduce((sum, c, i) => sum + ((vmax * c) / (km + c) - rates[i]) ** 2, 0) / doses.length;
}

/**
 * Finds: divergence at «lr=0.1»; poor-scaling at «tau» in «{ a, tau, b }»
 * Silent: plateau:lr-too-small; gradient-mismatch
 * Verdict: diverged
 * Because: the first step of 0.1 takes tau from 400 nanoseconds to 0.1 second: tau is too small for it. The decay becomes a constant, the loss goes from 1.7e7 to
 * 7.2e8, 42 times as much, and the derivative along tau vanishes there.
 *
 * @loss
 * @start a=30000 tau=4e-7 b=5000
 * @optimizer adam lr=0.1
 * @steps 300
 */
export function lifetimeInOneUnit({ a, tau, b }: { a: number; tau: number; b: number }): number {
  return delays.reduce((sum, t, i) => sum + (a * Math.exp(-t / tau) + b - counts[i]) ** 2, 0) / delays.length;
}

const kT = 1.38e-23 * 300;

/** The logarithm of a distribution of velocities, up to a constant. */
const density = (mass: number, speed: number, v: number): number =>
  1.5 * Math.log(mass / 1e-26) - (mass * (v - speed) ** 2) / (2 * kT);

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling; plateau:converged
 * Because: a mass of 1e-26 kilograms beside a speed of 300 metres per second. 600 steps end at 0.137, but the data are exact, and
 * a search in the unit of each parameter reaches 0.
 *
 * @loss
 * @start mass=1e-26 speed=300
 * @optimizer adam lr=1
 * @group mass lr=1e-28 eps=1e-40
 * @steps 600
 */
export function maxwell({ mass, speed }: { mass: number; speed: number }): number {
  let sum = 0;
  for (let v = 100; v < 900; v += 80) sum += (density(mass, speed, v) - density(4.65e-26, 420, v)) ** 2;
  return sum / 10;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch; poor-scaling
 * May: plateau:converged
 * Verdict: converged
 * Because: a dissociation constant of nanomoles beside a signal of 1000, by central differences: the run ends at the exact 8e-9 and 1200.
 *
 * @loss
 * @start kd=3e-9 top=800
 * @optimizer adam lr=5
 * @group kd lr=3e-11 eps=1e-20
 * @gradientMode finite-difference
 * @schedule cosine
 * @steps 1500
 */
export function binding({ kd, top }: { kd: number; top: number }): number {
  const doses = [1e-10, 3e-10, 1e-9, 3e-9, 1e-8, 3e-8, 1e-7];
  return doses.reduce((sum, x) => sum + ((top * x) / (kd + x) - (1200 * x) / (8e-9 + x)) ** 2, 0) / 7;
}

/**
 * Finds: poor-scaling at «far» in «[far, near]»
 * Silent: plateau:lr-too-small; ill-conditioned; eps-dominates
 * Verdict: stalled
 * Because: the minimum of far is at 1e7. Adam moves it by at most lr a step, 10 in total, which is a millionth of the distance, while near
 * arrives. A learning rate of 1e4 for both would throw near out of its range.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01
 * @steps 1000
 */
export function distantBesideNear([far, near]: number[]): number {
  return (far / 1e7 - 1) ** 2 + (near - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: poor-scaling
 * May: plateau:converged
 * Verdict: converged
 * Because: a constant of 3e6 that is right already: only slope has to move, and it arrives. Steps of the constant's size lower nothing.
 *
 * @loss
 * @start [3000000, 0]
 * @optimizer adam lr=0.05
 * @steps 1000
 */
export function largeAndRight([offset, slope]: number[]): number {
  return (offset / 1e6 - 3) ** 2 + (slope - 1) ** 2;
}
