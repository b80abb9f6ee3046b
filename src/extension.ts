import path from 'node:path';
import * as vscode from 'vscode';
import type { DiagnosisCode } from './core/diagnosis/catalogue';
import { keyframeBudget } from './core/keyframePlan';
import { Actions, type CommandParts } from './host/commands/actions';
import { Analyses } from './host/commands/analyses';
import { registerCommands } from './host/commands/register';
import { RunCommands } from './host/commands/runCommands';
import { Sweeps } from './host/commands/sweeps';
import { diagnosisPage } from './host/diagnosisPage';
import { registerAnnotationDiagnostics } from './host/editor/annotationDiagnostics';
import { registerAnnotationHelp } from './host/editor/annotationHelp';
import { AnnotationWriter } from './host/editor/annotationWriter';
import { LossCodeLenses } from './host/editor/codeLens';
import { EditPreviews } from './host/editor/editPreviews';
import { LossHover } from './host/editor/lossHover';
import { QuickFixes } from './host/editor/quickFixes';
import { RunDiagnostics } from './host/editor/runDiagnostics';
import { StatusBar } from './host/editor/statusBar';
import { StepDiagnostics } from './host/editor/stepDiagnostics';
import { openGlossary } from './host/glossaryPage';
import { LossIndex } from './host/lossIndex';
import { openText } from './host/openTexts';
import { gridOf } from './host/panel/contour';
import { replayedSteps } from './host/panel/explainedUpdate';
import type { PanelParts } from './host/panel/panelSession';
import { Panels, viewType } from './host/panel/panels';
import { planeGridOf } from './host/panel/plane';
import { RunFileEditor, runFileEditorType } from './host/panel/runFileEditor';
import { savePicture } from './host/panel/savePicture';
import { reveal } from './host/positions';
import { Launcher } from './host/runs/launcher';
import { reportFileProblems } from './host/runs/reportFileProblems';
import { RunsView } from './host/runs/runsView';
import { verifierIn } from './host/runs/verifier';
import { settingsFor } from './host/settings';
import { keepSpareProcess } from './host/spareProcess';
import { ActiveAnalysis } from './runner/activeAnalysis';
import { cacheFolder } from './runner/cacheFolder';
import { JobProcesses } from './runner/jobProcesses';
import { RunJob } from './runner/runJob';
import { DiskRunFiles } from './runs/files/diskRunFiles';
import { DiskReportFiles } from './runs/reportFiles/reportFiles';
import { Reports } from './runs/reports';
import { RunStore } from './runs/runStore';
import { Verifications } from './runs/verifications';

let store: RunStore | undefined;

/** Composes the parts. */
export function activate(context: vscode.ExtensionContext): void {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const processFile = path.join(context.extensionUri.fsPath, 'dist', 'jobProcess.js');
  const cache = cacheFolder(process.env, path.join(context.globalStorageUri.fsPath, 'cache'));
  const jobs = own(new JobProcesses(processFile, { keepsSpare: true, cache }));
  const storage = context.storageUri ?? context.globalStorageUri;
  const files = new DiskRunFiles(path.join(storage.fsPath, 'runs'));

  const index = new LossIndex();
  const runs = new RunStore({
    files,
    openSource: (order) => new RunJob(jobs, { ...order, keyframeBudget }),
    storageBytes: () => settingsFor(undefined).storageMb * 2 ** 20,
  });
  store = runs;
  const verifications = own(new Verifications(runs, verifierIn(jobs)));
  const writer = new AnnotationWriter(index);
  const launcher = new Launcher(runs, writer, context.workspaceState);
  const reports = own(
    new Reports(
      ({ source, limits }, job, onProgress) => new ActiveAnalysis(jobs, { source, limits, job }, onProgress),
      new DiskReportFiles(path.join(storage.fsPath, 'reports')),
    ),
  );
  const parts: CommandParts = {
    context,
    index,
    runs,
    reports,
    verifications,
    launcher,
    writer,
    previews: own(new EditPreviews()),
    panels: () => panels,
  };
  const actions = new Actions(parts);
  const analyses = new Analyses({ ...parts, run: (loss, overrides) => actions.run(loss, overrides) });
  const sweeps = new Sweeps(parts);
  const panelParts: Omit<PanelParts, 'store'> = {
    reports,
    surroundings: {
      relative: (file) => vscode.workspace.asRelativePath(file),
      openText,
      isTrusted: () => vscode.workspace.isTrusted,
    },
    actions: {
      runAgain: (run) => void actions.runAgain(run),
      configure: (run) => void actions.declarationOf(run).then((loss) => loss && actions.configure(loss)),
      copyFitted: (run) => void actions.copyFitted(run),
      applyFix: (run, fix) => void actions.applyFix(run, fix),
      runWithFix: (run, fix) => void actions.runWithFix(run, fix),
      compareWithFix: (run, fix) => void runCommands.compareWithFix(run, fix, actions.runWithFix(run, fix)),
      grid: (run, x, y) => gridOf(run, jobs, settingsFor(undefined).limits, x, y),
      replay: (run, span, coordinate, signal) =>
        replayedSteps(run, span, coordinate, jobs, settingsFor(undefined).limits, signal),
      planeGrid: (run, plane, sides, signal) =>
        planeGridOf(run, plane, jobs, settingsFor(undefined).limits, sides, signal),
      reveal: (location) => void reveal(location),
      explain: (code) => void actions.explain(code),
      openGlossary: (term) => void openGlossary(context.extensionUri, term),
      applyRow: (report, table, row) => void analyses.applyRow(report, table, row),
      runRow: (report, table, row) => void analyses.runRow(report, table, row),
      runCell: (report, patch) => void sweeps.runCell(report, patch),
      openSamples: () => void vscode.commands.executeCommand('adamscope.openSamples'),
      savePicture: (...picture) => void savePicture(...picture),
    },
  };
  const panels = own(new Panels(context.extensionUri, { ...panelParts, store: runs }));
  own(
    vscode.window.registerCustomEditorProvider(
      runFileEditorType,
      // The reports of the window are not those of a file.
      new RunFileEditor(context.extensionUri, {
        ...panelParts,
        reports: new Reports(() => {
          throw new Error('no analysis of a file');
        }),
      }),
      { supportsMultipleEditorsPerDocument: true },
    ),
  );

  own(keepSpareProcess(index, jobs));
  const runCommands = new RunCommands({
    runs,
    fileOf: ({ record }) => files.fileOf(record.id),
    reports,
    panels: () => panels,
  });
  own(registerCommands(parts, actions, analyses, sweeps, runCommands));
  own(new LossCodeLenses(index, runs));
  const pageOf = (code: DiagnosisCode) => diagnosisPage(context.extensionUri, code);
  own(new RunDiagnostics(runs, pageOf));
  own(new StepDiagnostics(reports, pageOf));
  own(new StatusBar(runs));
  own(new RunsView(runs));
  own(QuickFixes.register(runs));
  own(registerAnnotationHelp());
  own(LossHover.register(index, runs, jobs));
  own(registerAnnotationDiagnostics(index));
  own(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('adamscope.verifyFixes')) verifications.look();
      if (change.affectsConfiguration('adamscope.storageMb')) void runs.tidy();
    }),
  );
  const output = own(vscode.window.createOutputChannel('Adamscope'));
  own(runs.onConsoleLine((line) => output.appendLine(line)));
  own(
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state) => panels.restore(panel, state),
    }),
  );

  own(runs.onWriteProblem((sentence) => void vscode.window.showWarningMessage(sentence)));
  void runs.restore().then((problems) => reportFileProblems(problems, output, context.workspaceState));
}

/** Ends all running jobs, and waits until their results are on disk. */
export function deactivate(): Promise<void> | undefined {
  return store?.dispose();
}
