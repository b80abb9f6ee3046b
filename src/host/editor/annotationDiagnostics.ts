import * as vscode from 'vscode';
import { planRun } from '../../loss/plan';
import type { SourceProblem } from '../../loss/problem';
import type { LossIndex } from '../lossIndex';
import { rangeOf } from '../positions';

/** Diagnostics carry their replacement, for the quick fix. */
export class AnnotationDiagnostic extends vscode.Diagnostic {
  readonly replacement: string | undefined;

  constructor(problem: SourceProblem) {
    super(
      rangeOf(problem.location),
      problem.message,
      problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
    );
    this.source = 'adamscope';
    this.code = problem.code;
    this.replacement = problem.replacement;
  }
}

const delayMs = 250;

/** Keeps the problems of every open document's annotations in the problems panel, while they are typed. */
export function registerAnnotationDiagnostics(index: LossIndex): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('adamscope-annotations');
  const timers = new Map<string, NodeJS.Timeout>();

  const check = async (document: vscode.TextDocument) => {
    const { version } = document;
    const losses = await index.lossesIn(document);
    if (document.version !== version || document.isClosed) return;
    const problems = losses
      .filter((loss) => loss.annotation)
      .flatMap((loss) => planRun(loss, { below: [], above: [] }).problems)
      .concat(index.derivativeProblemsIn(document));
    collection.set(
      document.uri,
      problems.map((problem) => new AnnotationDiagnostic(problem)),
    );
  };
  const later = (document: vscode.TextDocument) => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void check(document), delayMs),
    );
  };

  for (const document of vscode.workspace.textDocuments) void check(document);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => void check(document)),
    vscode.workspace.onDidChangeTextDocument((change) => later(change.document)),
    vscode.workspace.onDidCloseTextDocument((document) => collection.delete(document.uri)),
    new vscode.Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
  );
}
