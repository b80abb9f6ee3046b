import path from 'node:path';
import * as vscode from 'vscode';
import { AskedVerifications } from '../agents/askedVerifications';
import type { DiagnosisCode } from '../core/diagnosis/catalogue';
import { keyframeBudget } from '../core/keyframePlan';
import { ActiveAnalysis } from '../runner/activeAnalysis';
import { cacheFolder } from '../runner/cacheFolder';
import { JobProcesses } from '../runner/jobProcesses';
import { replayedSteps } from '../runner/replayedSteps';
import { RunJob } from '../runner/runJob';
import { verifierWith } from '../runner/verifier';
import { DiskRunFiles } from '../runs/files/diskRunFiles';
import { DiskReportFiles } from '../runs/reportFiles/reportFiles';
import { Reports } from '../runs/reports';
import type { Run } from '../runs/run';
import { RunStore } from '../runs/runStore';
import { Actions, type CommandParts } from './commands/actions';
import { Analyses } from './commands/analyses';
import type { CommandName } from './commands/names';
import { type Command, commandsOf } from './commands/register';
import { RunCommands } from './commands/runCommands';
import { Sweeps } from './commands/sweeps';
import { Debugging } from './debug/debugging';
import { diagnosisPage } from './diagnosisPage';
import { registerAnnotationDiagnostics } from './editor/annotationDiagnostics';
import { registerAnnotationHelp } from './editor/annotationHelp';
import { AnnotationWriter } from './editor/annotationWriter';
import { EditPreviews } from './editor/editPreviews';
import { LossHover } from './editor/lossHover';
import { QuickFixes } from './editor/quickFixes';
import { RecordingDiagnostics } from './editor/recordingDiagnostics';
import { RunDiagnostics } from './editor/runDiagnostics';
import { StatusBar } from './editor/statusBar';
import { StepDiagnostics } from './editor/stepDiagnostics';
import { openGlossary } from './glossaryPage';
import { LossIndex } from './lossIndex';
import { gridOf } from './panel/contour';
import type { PanelParts } from './panel/panelSession';
import { Panels } from './panel/panels';
import { planeGridOf } from './panel/plane';
import { RunFileEditor } from './panel/runFileEditor';
import { savePicture } from './panel/savePicture';
import { Launcher } from './runs/launcher';
import { reportFileProblems } from './runs/reportFileProblems';
import { SpikeReplays } from './runs/spikeReplays';
import { settingsFor } from './settings';
import { openText } from './sources/openSources';
import { reveal } from './sources/places';
import { keepSpareProcess } from './spareProcess';
import { registerTestExplorer } from './testing/testExplorer';

/** What the parts that are there from the activation on work with. */
export interface OpenedWindow {
  readonly index: LossIndex;
  readonly runs: RunStore;
  readonly askedVerifications: AskedVerifications;
  readonly panels: Panels;
  readonly runFileEditor: RunFileEditor;
  readonly commands: Readonly<Record<CommandName, Command>>;
  readonly debugging: Debugging;
}

/** Composes the parts. */
export function openWindow(context: vscode.ExtensionContext): OpenedWindow {
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
  const settingsOf = ({ record }: Run) => settingsFor(vscode.Uri.file(record.source.file));
  const askedVerifications = new AskedVerifications(runs, verifierWith(jobs, settingsOf));
  const verifications = own(askedVerifications.verifications);
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
      cursorMoved: (...move) => debugging.cursorMoved(...move),
      debug: (run) => void debugging.startOn(run),
      tryHere: (...finding) => void spikeReplays.tryHere(...finding),
      stopTrying: (...finding) => spikeReplays.stop(...finding),
      grid: (run, x, y) => gridOf(run, jobs, settingsFor(undefined).limits, x, y),
      repeat: (run, repetition, signal) =>
        replayedSteps(run, repetition, jobs, settingsFor(undefined).limits, signal),
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
  const debugging = own(
    new Debugging({ index, runs, launcher, panels: () => panels, runFiles: () => runFileEditor }),
  );
  const panels = own(new Panels(context.extensionUri, { ...panelParts, store: runs }));
  // The reports of the window are not those of a file.
  const noReports = new Reports(() => {
    throw new Error('no analysis of a file');
  });
  const runFileEditor = new RunFileEditor(context.extensionUri, {
    ...panelParts,
    reports: noReports,
    debugFile: (file) => void debugging.startOnFile(file),
  });

  const spikeReplays = own(new SpikeReplays(runFileEditor.onDidOpen, { index, launcher, jobs }));

  own(keepSpareProcess(index, jobs));
  const runCommands = new RunCommands({
    runs,
    fileOf: ({ record }) => files.fileOf(record.id),
    reportScript: path.join(context.extensionUri.fsPath, 'dist', 'report.js'),
    reports,
    panels: () => panels,
  });
  const pageOf = (code: DiagnosisCode) => diagnosisPage(context.extensionUri, code);
  own(new RunDiagnostics(runs, pageOf));
  own(new StepDiagnostics(reports, pageOf));
  own(new RecordingDiagnostics(runFileEditor.onDidOpen, pageOf));
  own(new StatusBar(runs));
  own(QuickFixes.register(runs));
  own(registerAnnotationHelp());
  own(LossHover.register(index, runs, jobs));
  own(
    registerTestExplorer({
      index,
      runs,
      verifications,
      debugExpectation: (loss, token) => debugging.debugExpectation(loss, token),
    }),
  );
  own(registerAnnotationDiagnostics(index));
  own(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('adamscope.verifyFixes')) verifications.look();
      if (change.affectsConfiguration('adamscope.storageMb')) void runs.tidy();
    }),
  );
  const output = own(vscode.window.createOutputChannel('Adamscope'));
  own(runs.onConsoleLine((line) => output.appendLine(line)));
  own(runs.onWriteProblem((sentence) => void vscode.window.showWarningMessage(sentence)));
  void runs.restore().then((problems) => reportFileProblems(problems, output, context.workspaceState));
  const commands = commandsOf(parts, actions, analyses, sweeps, runCommands, spikeReplays, debugging);
  return { index, runs, askedVerifications, panels, runFileEditor, commands, debugging };
}
