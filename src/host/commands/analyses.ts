import * as vscode from 'vscode';
import type { LossAnalysis } from '../../core/analysis/analysis';
import { mergePatches } from '../../core/config/resolve';
import type { RunConfigPatch } from '../../core/config/runConfig';
import type { LossDeclaration } from '../../loss/declaration';
import { isOptimizerStep } from '../../loss/discovery/optimizerStep';
import type { ReportEntry } from '../../runs/reportEntry';
import type { Reports } from '../../runs/reports';
import type { AnnotationWriter } from '../editor/annotationWriter';
import type { LossIndex } from '../lossIndex';
import type { Panels } from '../panel/panels';
import type { Launcher } from '../runs/launcher';
import { lossAtCursorOrPicked } from './pickLoss';

export interface AnalysisParts {
  readonly index: LossIndex;
  readonly launcher: Launcher;
  readonly reports: Reports;
  readonly writer: AnnotationWriter;
  readonly panels: () => Panels;
  /** Runs a loss, as the command does. */
  readonly run: (loss: LossDeclaration, overrides: RunConfigPatch) => unknown;
}

/** Seeds for a stochastic loss, enough to show the spread. */
const seeds = 5;

/** The title of each analysis, as the user reads it. */
const titles: { readonly [K in LossAnalysis['kind']]: string } = {
  optimizers: 'Compare optimizers',
  dialects: 'Compare dialects',
  dataOrders: 'Compare data orders',
  lrRange: 'Learning-rate range test',
  invariances: 'Check invariances',
  checklist: 'Check before the run',
};

/** The commands that run a loss several times and show a report. */
export class Analyses {
  readonly #parts: AnalysisParts;

  constructor(parts: AnalysisParts) {
    this.#parts = parts;
  }

  /**
   * @param given  a declaration that may be out of date; it is found again by name
   * @param overrides  options that override the annotation
   */
  async analyse(
    kind: LossAnalysis['kind'],
    given?: LossDeclaration,
    overrides: RunConfigPatch = {},
  ): Promise<string | undefined> {
    const { index, launcher } = this.#parts;
    const loss = given
      ? ((await index.find(given.file, given.name)) ?? given)
      : await lossAtCursorOrPicked(index, titles[kind]);
    if (!loss) return undefined;
    if (kind === 'invariances' && isOptimizerStep(loss)) return this.#checkStep(loss);
    const order = await launcher.prepare(loss, overrides);
    if (!order) return undefined;
    const { config } = order;
    return this.#show(titles[kind], order, { kind: 'analysis', config, analysis: analysisOf(kind) });
  }

  async applyRow(entry: ReportEntry, table: number, row: number): Promise<void> {
    const patch = patchOf(entry, table, row);
    const { file, lossName } = entry.order.source;
    if (patch) await this.#parts.writer.write(file, lossName, patch);
  }

  async runRow(entry: ReportEntry, table: number, row: number): Promise<void> {
    const patch = patchOf(entry, table, row);
    const { source, overrides } = entry.order;
    const loss = await this.#parts.index.find(source.file, source.lossName);
    if (!loss)
      void vscode.window.showErrorMessage(
        `${source.lossName} is not in ${vscode.workspace.asRelativePath(source.file)} any more: it cannot be run again.`,
      );
    else if (patch) this.#parts.run(loss, mergePatches(overrides, patch));
  }

  async #checkStep(step: LossDeclaration): Promise<string | undefined> {
    const order = await this.#parts.launcher.prepare(step, {}, false);
    if (!order) return undefined;
    const title = `Check ${step.name} against ${order.config.optimizer.name}`;
    return this.#show(title, order, { kind: 'optimizerStep', config: order.config });
  }

  #show(title: string, ...[order, job]: Tail<Parameters<Reports['start']>>): string {
    const entry = this.#parts.reports.start(title, order, job);
    this.#parts.panels().show(entry.id);
    return entry.id;
  }
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer R] ? R : never;

function analysisOf(kind: LossAnalysis['kind']): LossAnalysis {
  switch (kind) {
    case 'optimizers':
      return { kind, names: null };
    case 'dataOrders':
    case 'lrRange':
      return { kind, seeds };
    default:
      return { kind };
  }
}

function patchOf(entry: ReportEntry, table: number, row: number): RunConfigPatch | null {
  return entry.report?.tables[table]?.rows[row]?.patch ?? null;
}
