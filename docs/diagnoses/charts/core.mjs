// The core, bundled in memory: the runs in the charts are the product's own.
import path from 'node:path';
import { build } from 'esbuild';
import { watForEsbuild } from '../../../watPlugin.js';

const { outputFiles } = await build({
  stdin: {
    contents: `
      export { run } from './src/core/runLoop';
      export { batchesOf } from './src/core/batches';
      export { contextAt } from './src/core/context';
      export { coordinateNames } from './src/core/coordinates/coordinateNames';
      export { lossWordsOf } from './src/core/lossWords';
      export { Measurements } from './src/core/measurements';
      export { together } from './src/core/observers';
      export { resolveConfig, optionsOf } from './src/core/config/resolve';
      export { optimizers } from './src/core/optimizers/registry';
      export { seededRandom } from './src/core/numerics/random';
      export { Diagnosis } from './src/core/diagnosis/diagnose';
      export { EndWatch } from './src/core/ending/endWatch';
      export { audit } from './src/core/diagnosis/audits/registry';
      export { withGradientChecks } from './src/core/diagnosis/probes/gradientChecks';
      export { piecewiseConstant } from './src/core/diagnosis/probes/piecewiseConstant';
      export { checkCut } from './src/core/gradient/cutCheck';
      export { answer } from './src/core/gradient/inquiry';
      export { withFiniteDifferences } from './src/core/gradient/finiteDifference';`,
    resolveDir: path.join(import.meta.dirname, '../../..'),
  },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  plugins: [watForEsbuild],
  write: false,
});

export const core = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
);
