// Draws the charts of these pages from real runs: node docs/diagnoses/charts.mjs
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { watForEsbuild } from '../../watPlugin.js';

const root = path.join(import.meta.dirname, '../..');

/** The core, bundled in memory: the runs below are the product's own. */
const { outputFiles } = await build({
  stdin: {
    contents: `
      export { run } from './src/core/run';
      export { resolveConfig } from './src/core/config/resolve';
      export { seededRandom } from './src/core/numerics/random';
      export { withGradientChecks } from './src/core/diagnosis/probes/gradientChecks';
      export { Diagnosis } from './src/core/diagnosis/diagnose';
      export { withFiniteDifferences } from './src/core/gradient/finiteDifference';`,
    resolveDir: root,
  },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  plugins: [watForEsbuild],
  write: false,
});
const core = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
);

const bowl = ([x, y]) => 0.5 * (100 * x ** 2 + y ** 2);
const rosenbrock = ([x, y]) => 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;
/** Stands for Math.random, so that the picture is the same every time. */
const noise = core.seededRandom(1);
const kink = ([x, y]) => Math.abs(x - 0.33) + Math.abs(y);

const charts = {
  divergence: {
    log: true,
    title: 'Gradient descent on a bowl, lr 0.03 where 0.02 is the limit',
    curves: [{ loss: bowl, start: [1, 1], patch: { optimizer: { name: 'sgd', lr: 0.03 }, steps: 20 } }],
  },
  'instability-at-start': {
    log: true,
    title: 'Adam on Rosenbrock, lr 10',
    curves: [
      { loss: rosenbrock, start: [-1.2, 1], patch: { optimizer: { name: 'adam', lr: 10 }, steps: 500 } },
    ],
  },
  'non-finite-loss': {
    title: '100x − log x, Adam at lr 0.15: the next x is negative',
    curves: [
      {
        loss: ([x]) => 100 * x - Math.log(x),
        start: [1],
        patch: { optimizer: { name: 'adam', lr: 0.15 }, steps: 9 },
      },
    ],
  },
  'non-finite-gradient': {
    title: '√(x²) reaches 0, where its derivative is 0/0',
    curves: [
      {
        loss: ([x]) => Math.sqrt(x * x),
        gradient: ([x]) => [x / Math.sqrt(x * x)],
        start: [1],
        patch: { optimizer: { name: 'sgd', lr: 0.125 }, steps: 10 },
      },
    ],
  },
  'gradient-mismatch': {
    log: true,
    title: 'Rosenbrock with a wrong sign in ∂f/∂x (dashed: with the right one)',
    curves: [
      {
        loss: rosenbrock,
        gradient: ([x, y]) => [-400 * x * (y - x ** 2) + 2 * (1 - x), 200 * (y - x ** 2)],
        start: [-1.2, 1],
        patch: { optimizer: { name: 'adam', lr: 0.05 }, steps: 400 },
      },
      { loss: rosenbrock, start: [-1.2, 1], patch: { optimizer: { name: 'adam', lr: 0.05 }, steps: 400 } },
    ],
  },
  'non-deterministic-loss': {
    title: 'A bowl with Math.random in it',
    curves: [
      {
        loss: ([x]) => x * x + 0.2 * noise(),
        start: [1],
        patch: { optimizer: { name: 'adam', lr: 0.02 }, steps: 150 },
      },
    ],
  },
  plateau: {
    log: true,
    title: 'Bouncing about a kink: constant lr, and (dashed) the same with cosine decay',
    curves: [
      { loss: kink, start: [1, -2], patch: { optimizer: { name: 'adam', lr: 0.1 }, steps: 1000 } },
      {
        loss: kink,
        start: [1, -2],
        patch: { optimizer: { name: 'adam', lr: 0.1 }, schedule: { name: 'cosine' }, steps: 1000 },
      },
    ],
  },
};

for (const [code, chart] of Object.entries(charts)) {
  const curves = await Promise.all(chart.curves.map(traced));
  writeFileSync(path.join(import.meta.dirname, `${code}.svg`), svg(chart, curves, code));
}

/** The losses of a run and what is found in it. */
async function traced({ loss, gradient, start, patch }) {
  const { config } = core.resolveConfig([patch]);
  const objective = core.withFiniteDifferences(start.length, loss);
  if (gradient)
    objective.valueAndGradient = (params, grad) => {
      grad.set(gradient(params));
      return loss(params);
    };
  const diagnosis = new core.Diagnosis({ config, dim: start.length, stepsPerEpoch: 1 });
  const losses = [];
  if (gradient) objective.gradientMode = 'provided';
  const checked = core.withGradientChecks({
    objective,
    config,
    exact: null,
    report: (finding) => diagnosis.post(finding),
  });
  const outcome = await core.run({
    objective: checked,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: {
      onStep(step) {
        losses.push(step.loss);
        diagnosis.onStep(step);
      },
    },
  });
  diagnosis.finish(outcome);
  return { losses, findings: diagnosis.findings };
}

function svg({ title, log }, curves, code) {
  const [width, height, left, top, right, bottom] = [640, 260, 64, 34, 16, 36];
  // Colours of middle lightness, and no background: legible on dark and on light.
  const [ink, mark, ...lines] = ['#8a8a8a', '#d9730d', '#3d8fd1', '#2f9e6b'];
  const scale = log ? Math.log10 : (y) => y;
  const drawn = curves
    .flatMap(({ losses }) => losses.filter(Number.isFinite).map(scale))
    .filter(Number.isFinite);
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const steps = Math.max(...curves.map(({ losses }) => losses.length));
  const x = (t) => round(left + ((t - 1) / Math.max(1, steps - 1)) * (width - left - right));
  const y = (loss) => round(top + ((high - scale(loss)) / (high - low)) * (height - top - bottom));
  const level = (value) => (log ? 10 ** value : value);

  const finding = curves[0].findings.find((each) => each.code === code);
  const [from, to] = finding.steps;
  const parts = [
    `<rect x="${x(from)}" y="${top}" width="${Math.max(3, x(to) - x(from))}" height="${height - top - bottom}" fill="${mark}" fill-opacity="0.18"/>`,
    `<text x="${left}" y="18" fill="${ink}">${title}</text>`,
    `<path d="M${left} ${top}V${height - bottom}H${width - right}" fill="none" stroke="${ink}"/>`,
  ];
  for (const value of [low, (low + high) / 2, high]) {
    const at = round(top + ((high - value) / (high - low)) * (height - top - bottom));
    parts.push(
      `<text x="${left - 8}" y="${at + 4}" fill="${ink}" text-anchor="end">${short(level(value))}</text>`,
    );
  }
  for (const t of [1, Math.round(steps / 2), steps])
    parts.push(
      `<text x="${x(t)}" y="${height - bottom + 18}" fill="${ink}" text-anchor="middle">${t}</text>`,
    );
  parts.push(`<text x="${width - right}" y="${height - 4}" fill="${ink}" text-anchor="end">step</text>`);
  curves.forEach(({ losses }, i) => {
    const points = losses.flatMap((loss, k) =>
      Number.isFinite(loss) && Number.isFinite(scale(loss)) ? [`${x(k + 1)} ${y(loss)}`] : [],
    );
    const dash = i > 0 ? ' stroke-dasharray="5 4"' : '';
    parts.push(
      `<polyline points="${points.join(', ')}" fill="none" stroke="${lines[i]}" stroke-width="${i > 0 ? 1.5 : 2}"${dash}/>`,
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12">`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function short(value) {
  return value !== 0 && (Math.abs(value) < 0.01 || Math.abs(value) >= 1e4)
    ? value.toExponential(0).replace('e+', 'e')
    : `${Number(value.toPrecision(2))}`;
}
