import type { Finding } from '../core/diagnosis/finding';
import { formatNumber } from '../core/numerics/format';
import { toJson } from '../core/numerics/json';
import type { Plan } from '../loss/plan';
import { ActiveRun, type LoadedRun, type RunEnd } from '../runner/activeRun';
import { BadInput } from './badInput';
import { display } from './findLosses';
import { layersOf, type RunFlags, timeoutOf } from './layers';
import { limitsOf, prepare, requireStart, sentences, workerFile } from './prepare';
import { StepsFile } from './stepsFile';
import { verified } from './verify';

export interface RunOptions extends RunFlags {
  readonly timeout?: string;
  readonly json?: boolean;
  readonly stepsOut?: string;
  /** false: fixes are printed as they were thought of. */
  readonly verify?: boolean;
}

/**
 * `adamscope run`: a run from start to end.
 *
 * @returns the exit code: 1 if a finding is an error
 * @throws BadInput if the loss cannot be run, or fails while it runs (what was reached is printed before)
 */
export async function run(target: string, options: RunOptions): Promise<number> {
  const timeout = options.timeout === undefined ? undefined : timeoutOf(options.timeout);
  const { plan } = prepare(target, layersOf(options));
  requireStart(plan);
  const warnings = plan.problems.filter(({ severity }) => severity === 'warning');
  for (const warning of warnings) console.error(`adamscope: warning: ${sentences([warning])}`);
  const stepsFile = options.stepsOut === undefined ? null : new StepsFile(options.stepsOut, plan.config);
  const startedAt = performance.now();
  let loaded: LoadedRun | undefined;
  const active = new ActiveRun(
    {
      workerFile,
      source: plan.source,
      config: plan.config,
      limits: limitsOf(timeout),
      ...(stepsFile ? { recordBudget: Number.POSITIVE_INFINITY } : {}),
    },
    {
      onLoaded: (what) => {
        loaded = what;
      },
      onGradientMode: (gradientMode) => {
        loaded = { ...loaded!, gradientMode };
      },
      onRecord: (data, offset) => stepsFile?.write(loaded!.layout, data, offset),
      onConsole: (lines) => console.error(lines.join('\n')),
      onWarning: (problem) => console.error(`adamscope: warning: ${sentences([problem])}`),
    },
  );
  const stop = () => active.stop();
  process.once('SIGINT', stop);
  const end = await active.ended;
  process.removeListener('SIGINT', stop);
  stepsFile?.close();
  const elapsedMs = performance.now() - startedAt;
  const findings =
    options.verify === false || !loaded || !canBeVerified(end)
      ? active.findings
      : await verified(active.findings, plan.config, { ...plan.source, texts: loaded.texts }, timeout);
  const report = reportOf(plan, loaded, end, findings, elapsedMs);
  if (report) console.log(options.json ? toJson(report, 2) : textOf(report));
  if (end.problems.length > 0) throw new BadInput(sentences(end.problems));
  return active.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** A run that was stopped is one to be done with, one that hung or ran out of memory would do so again. */
function canBeVerified({ outcome, problems }: RunEnd): boolean {
  return outcome?.stopped !== 'user' && problems.every(({ code }) => code === 'loss-threw');
}

type Report = NonNullable<ReturnType<typeof reportOf>>;

/** What `run --json` prints; null if the run did not begin. */
function reportOf(
  { source, config }: Plan,
  loaded: LoadedRun | undefined,
  { outcome }: RunEnd,
  findings: readonly Finding[],
  elapsedMs: number,
) {
  if (!loaded || !outcome) return null;
  const place = (finding: Finding) => {
    const { subject: _, location: own, ...said } = finding;
    const location = own ?? source.location;
    const fixes = finding.fixes.map(({ title, patch, verified }) => ({ title, patch, verified }));
    return { ...said, fixes, location: { ...location, file: display(location.file) } };
  };
  return {
    loss: { file: display(source.file), name: source.lossName, dim: loaded.start.length },
    config: { ...config, start: loaded.start },
    gradientMode: loaded.gradientMode,
    steps: outcome.steps,
    stopped: outcome.stopped,
    final: outcome.final,
    best: outcome.best,
    findings: findings.map(place),
    elapsedMs,
  };
}

function textOf({ loss, config, steps, stopped, final, best, findings, gradientMode }: Report): string {
  const numbers = (values: Float64Array) => {
    const shown = [...values.subarray(0, 8)].map((value) => formatNumber(value, 6)).join(', ');
    return `[${shown}${values.length > 8 ? ', …' : ''}]`;
  };
  const lines = [
    `${loss.name} (${loss.file}): ${config.optimizer.name} lr ${config.optimizer.lr}, ${gradientMode} gradient`,
    `${steps} steps, stopped: ${stopped}`,
    `final  loss ${formatNumber(final.loss, 6)} at ${numbers(final.params)}, gradient norm ${formatNumber(final.gradNorm)}`,
    `best   loss ${formatNumber(best.loss, 6)} at ${numbers(best.params)} (t = ${best.t})`,
  ];
  for (const { code, severity, message, location, fixes } of findings) {
    lines.push(`${location.file}:${location.line}:${location.column}: ${severity}: ${message} [${code}]`);
    for (const fix of fixes) lines.push(`    try ${fix.title}`);
  }
  return lines.join('\n');
}
