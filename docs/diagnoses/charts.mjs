// Draws the charts of these pages from real runs: node docs/diagnoses/charts.mjs [<code>...]
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { charted, chartOf } from './charts/chart.mjs';

const named = process.argv.slice(2);
for (const code of named.length > 0 ? named : charted)
  writeFileSync(path.join(import.meta.dirname, `${code}.svg`), await chartOf(code));
