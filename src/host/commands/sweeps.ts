import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import { mergePatches } from '../../core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../core/config/runConfig';
import type { LossDeclaration } from '../../loss/declaration';
import { readSourceFile } from '../../loss/disk/sourceFile';
import type { ReportEntry } from '../../runs/reportEntry';
import type { Reports } from '../../runs/reports';
import type { RunRecord } from '../../runs/runRecord';
import type { RunStore } from '../../runs/runStore';
import { axisOf, type SweepAxis, SweepProblem } from '../../runs/sweep/axis';
import { cellsOf } from '../../runs/sweep/cells';
import { defaultAxes, type ProposedAxis, proposedAxes } from '../../runs/sweep/proposedAxes';
import { type OrderedCell, sweepInStore } from '../../runs/sweep/sweepInStore';
import type { LossIndex } from '../lossIndex';
import { notificationText } from '../notificationText';
import type { Panels } from '../panel/panels';
import type { Launcher } from '../runs/launcher';
import { openText } from '../sources/openSources';
import { lossAtCursorOrPicked } from './pickLoss';

interface SweepCommandParts {
  readonly index: LossIndex;
  readonly launcher: Launcher;
  readonly reports: Reports;
  readonly runs: RunStore;
  readonly panels: () => Panels;
}

/** The axes of a sweep as texts, in the syntax of the command line. */
export interface AxisTexts {
  readonly x: string;
  readonly y?: string | null;
}

const title = 'Sweep two options';
/** One core is left for the editor. */
const workers = Math.max(1, availableParallelism() - 1);

/** *Sweep two options*: runs a loss with every combination of the values of two options and shows a heatmap. */
export class Sweeps {
  readonly #parts: SweepCommandParts;

  constructor(parts: SweepCommandParts) {
    this.#parts = parts;
  }

  /**
   * @param given  a declaration that may be out of date; it is found again by name
   * @param texts  the axes; asked for if absent
   * @returns the id of the report; undefined if the user cancelled or has been informed of a problem
   */
  async sweep(given?: LossDeclaration, texts?: AxisTexts): Promise<string | undefined> {
    const { index, launcher } = this.#parts;
    const loss = given
      ? ((await index.find(given.file, given.name)) ?? given)
      : await lossAtCursorOrPicked(index, title);
    const order = loss && (await launcher.prepare(loss));
    if (!loss || !order) return undefined;
    const chosen = texts ?? (await chooseAxes(loss.name, order.config));
    if (!chosen) return undefined;
    try {
      const x = axisOf('x', chosen.x);
      const y = chosen.y ? axisOf('y', chosen.y) : null;
      const cells: OrderedCell[] = [];
      for (const cell of cellsOf(x, y)) {
        const ofCell = await launcher.prepare(loss, cell.patch);
        // The user has been informed of what is wrong with this cell.
        if (!ofCell) return undefined;
        cells.push({ ...cell, order: ofCell });
      }
      return this.#start(order, x, y, cells);
    } catch (error) {
      if (!(error instanceof SweepProblem)) throw error;
      void vscode.window.showErrorMessage(notificationText(`The sweep cannot be made: ${error.message}.`));
      return undefined;
    }
  }

  /** Runs a cell of a sweep that has no run, or whose run has been deleted. */
  async runCell({ order }: ReportEntry, patch: RunConfigPatch): Promise<void> {
    const { index, launcher, panels } = this.#parts;
    const { file, lossName } = order.source;
    const loss = await index.find(file, lossName);
    const run = loss && (await launcher.launch(loss, mergePatches(order.overrides, patch)));
    if (run) panels().show(run.record.id);
    else if (!loss)
      void vscode.window.showErrorMessage(
        `${lossName} is not in ${vscode.workspace.asRelativePath(file)} any more: it cannot be run again.`,
      );
  }

  #start(order: OrderedCell['order'], x: SweepAxis, y: SweepAxis | null, cells: OrderedCell[]): string {
    const { reports, runs: store, panels } = this.#parts;
    const entry = reports.begin(title, order, (id, listener) =>
      sweepInStore({ store, workers, hasChanged }, { order, x, y, cells }, id, listener),
    );
    panels().show(entry.id);
    return entry.id;
  }
}

/** Whether a text that a run loaded is another one by now, in its editor or on disk. */
function hasChanged({ source }: RunRecord): boolean {
  return source.texts.some(([file, text]) => (openText(file) ?? textOnDisk(file)) !== text);
}

function textOnDisk(file: string): string | null {
  try {
    return readSourceFile(file);
  } catch {
    return null;
  }
}

/** Offers lr with the usual second option, or asks for both options and their values. */
async function chooseAxes(lossName: string, config: RunConfig): Promise<AxisTexts | undefined> {
  const [x, y] = defaultAxes(config);
  const usual = {
    label: y ? `${x.name} × ${y.name}` : x.name,
    detail: [x, ...(y ? [y] : [])].map(valuesText).join('; '),
  };
  const others = { label: 'Choose the options and their values…' };
  const picked = await vscode.window.showQuickPick([usual, others], {
    title: `${title} of ${lossName}`,
    placeHolder: `At most ${workers} ${workers === 1 ? 'run' : 'runs'} at once; every run is kept`,
    ignoreFocusOut: true,
  });
  if (picked === usual) return { x: x.text, y: y?.text ?? null };
  if (picked !== others) return undefined;
  const ofX = await askAxis('First option (columns)', proposedAxes(config));
  if (!ofX) return undefined;
  const rest = proposedAxes(config).filter(({ text }) => pathOf(text) !== pathOf(ofX));
  const ofY = await askAxis('Second option (rows)', rest, 'none: one option only');
  return ofY === undefined ? undefined : { x: ofX, y: ofY };
}

function pathOf(text: string): string {
  return text.slice(0, text.indexOf('='));
}

function valuesText({ name, text }: ProposedAxis): string {
  return `${name} = ${text.slice(text.indexOf('=') + 1).replaceAll(',', ', ')}`;
}

/** @param none  the choice of no option; its answer is null */
async function askAxis(
  heading: string,
  axes: readonly ProposedAxis[],
  none: string,
): Promise<string | null | undefined>;
async function askAxis(heading: string, axes: readonly ProposedAxis[]): Promise<string | undefined>;
async function askAxis(
  heading: string,
  axes: readonly ProposedAxis[],
  none?: string,
): Promise<string | null | undefined> {
  const items = axes.map((axis) => ({ label: axis.name, description: valuesText(axis), axis }));
  const noneItem = { label: none ?? '', description: '', axis: null };
  const picked = await vscode.window.showQuickPick([...(none === undefined ? [] : [noneItem]), ...items], {
    title: heading,
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  if (picked.axis === null) return null;
  const path = pathOf(picked.axis.text);
  const values = await vscode.window.showInputBox({
    title: `Values of ${picked.axis.name}`,
    prompt: 'A list, or a range such as 1e-4..1:log:9 or 100..500:linear:5',
    value: picked.axis.text.slice(path.length + 1),
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(`${path}=${text}`),
  });
  return values === undefined ? undefined : `${path}=${values}`;
}

function problemOf(text: string): string | undefined {
  try {
    cellsOf(axisOf('the text', text), null);
    return undefined;
  } catch (error) {
    if (error instanceof SweepProblem) return error.message;
    throw error;
  }
}
