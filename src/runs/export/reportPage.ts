import type { Report, ReportChart, ReportTable } from '../../core/analysis/report';
import { essentials } from '../../core/config/resolve';
import { formatNumber } from '../../core/numerics/format';
import { toJson } from '../../core/numerics/json';
import { lineInWords } from '../../core/sourceLocation';
import { configIn } from '../../loss/annotation/tagWords';
import { environmentWords, methodWords } from '../../loss/environment';
import { compareRuns, type NamedRun } from '../compare/compareRuns';
import { reportStyle } from './reportStyle';
import { runCharts } from './runCharts';

/**
 * A self-contained HTML page about a run, or about several and how they compare. It loads nothing, and its policy forbids it to.
 *
 * @param script  draws the charts: the bundle of `webview/htmlReport`
 * @throws UnreadableRun if a file can no longer be read
 */
export async function reportPage(runs: readonly NamedRun[], script: string): Promise<string> {
  const [first] = runs;
  const comparison = runs.length > 1 ? await compareRuns(runs) : null;
  const charts = comparison ? comparison.charts : await runCharts(first!.run);
  const title = comparison
    ? `Comparison of ${runs.length} runs`
    : `${first!.run.record.source.lossName}: ${first!.name}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${comparison ? `<p class="answer">${escaped(comparison.summary)}</p>` : runSection(first!, 'Verdict')}
${chartSection(charts)}
${comparison ? comparisonSections(comparison, runs) : ''}
<footer>Made by Adamscope. Of long runs, every k-th step is drawn.</footer>
</main>
<script type="application/json" id="charts">${inScript(toJson(charts))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function chartSection(charts: readonly ReportChart[]): string {
  if (charts.length === 0) return '<p>The run has no steps.</p>';
  return `<section aria-labelledby="chartsTitle">
<h2 id="chartsTitle">Charts</h2>
<p class="cursor"><label for="step">Step</label> <input type="range" id="step"> <output id="stepText" for="step"></output></p>
<div id="figures"></div>
<noscript><p>The charts need JavaScript.</p></noscript>
</section>`;
}

function comparisonSections({ tables, notes }: Report, runs: readonly NamedRun[]): string {
  return [
    ...tables.map(tableSection),
    `<section><h2>Notes</h2>${notes.map((note) => `<p>${escaped(note)}</p>`).join('')}</section>`,
    ...runs.map((run) => runSection(run, run.name)),
  ].join('\n');
}

function tableSection({ title, columns, rows }: ReportTable): string {
  const heads = columns.map((column) => `<th scope="col">${escaped(column.title)}</th>`).join('');
  const lines = rows.map(({ cells, verdict }) => {
    const [head, ...rest] = cells.map(
      (cell, i) => `${escaped(cell)}${i === 0 && verdict ? ` (${verdict})` : ''}`,
    );
    const others = rest.map(
      (cell, i) => `<td${columns[i + 1]!.isNumber ? ' class="number"' : ''}>${cell}</td>`,
    );
    return `<tr><th scope="row">${head}</th>${others.join('')}</tr>`;
  });
  return `<section><h2>${escaped(title)}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}"><table><thead><tr>${heads}</tr></thead><tbody>${lines.join('')}</tbody></table></div></section>`;
}

/** Verdict, configuration and findings of one run. */
function runSection({ run: { record } }: NamedRun, heading: string): string {
  const { outcome, findings, config, source, steps, startedAt, status, gradientMode, environment } = record;
  const verdict = outcome?.verdict;
  const problems = record.problems.filter(({ severity }) => severity === 'error');
  return `<section class="run">
<h2>${escaped(heading)}</h2>
<p class="verdict">${verdict ? `<strong>${escaped(verdict.headline)}</strong>` : escaped(status)}</p>
${verdict ? `<p>${escaped(verdict.detail)}</p>` : ''}
${problems.map(({ message }) => `<p class="problem">Error: ${escaped(message)}</p>`).join('')}
<dl>
<dt>Loss</dt><dd>${escaped(source.lossName)}</dd>
<dt>Steps</dt><dd>${steps}${outcome ? `, stopped: ${outcome.stopped}` : ''}</dd>
${outcome ? `<dt>Final loss</dt><dd>${formatNumber(outcome.final.loss, 6)}</dd><dt>${outcome.verdict.isBestLucky ? 'Best single loss' : 'Best loss'}</dt><dd>${formatNumber(outcome.best.loss, 6)} (t = ${outcome.best.t})</dd>` : ''}
${configIn(source.language, essentials(config))
  .map(
    ([name, text]) =>
      `<dt>${escaped(source.language === 'javascript' ? `@${name}` : name)}</dt><dd>${escaped(shortened(text))}</dd>`,
  )
  .join('')}
${gradientMode ? `<dt>Gradient</dt><dd>${escaped(methodWords(gradientMode, environment ?? null))}</dd>` : ''}
${environment ? `<dt>Environment</dt><dd>${escaped(environmentWords(environment))}</dd>` : ''}
<dt>Started</dt><dd>${new Date(startedAt).toISOString()}</dd>
</dl>
<h3>Findings</h3>
${findings.length === 0 ? '<p>None.</p>' : `<ul>${findings.map(findingItem).join('')}</ul>`}
</section>`;
}

function findingItem({
  severity,
  code,
  headline,
  detail,
  advice,
  location,
  fixes,
}: NamedRun['run']['record']['findings'][number]): string {
  const place = location ? ` (${lineInWords(location)})` : '';
  const tried = fixes.filter(({ verified }) => verified !== null);
  return `<li><p><strong>${severity}: ${escaped(headline)}</strong> <code>${code}</code>${place}</p>
<p>${escaped(detail)}</p><p>${escaped(advice)}</p>${tried.map(({ title }) => `<p>Try ${escaped(title)}</p>`).join('')}</li>`;
}

const textAtMost = 200;

function shortened(text: string): string {
  return text.length > textAtMost ? `${text.slice(0, textAtMost - 1)}…` : text;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** JSON in which nothing ends the element around it. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
