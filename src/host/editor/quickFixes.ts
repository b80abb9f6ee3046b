import * as vscode from 'vscode';
import { lossWord } from '../../core/ascent';
import { outcomeSentence } from '../../core/verify/titles';
import type { RunStore } from '../../runs/runStore';
import { languages } from '../lossIndex';
import { AnnotationDiagnostic } from './annotationDiagnostics';
import { FindingDiagnostic } from './runDiagnostics';

/**
 * The quick fixes: the correct name in an annotation, and for each fix of a finding *write it* and *run with
 * it*.
 */
export class QuickFixes implements vscode.CodeActionProvider {
  readonly #runs: RunStore;

  constructor(runs: RunStore) {
    this.#runs = runs;
  }

  static register(runs: RunStore): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(languages, new QuickFixes(runs), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    // VS Code passes copies of the diagnostics. Ours, which refer to their finding, are found by code and
    // range.
    const wanted = vscode.languages
      .getDiagnostics(document.uri)
      .filter((diagnostic) => diagnostic.source === 'adamscope' && diagnostic.range.intersection(range));
    const only = context.diagnostics.filter((diagnostic) => diagnostic.source === 'adamscope');
    return wanted
      .filter((diagnostic) => only.length === 0 || only.some((other) => isSame(other, diagnostic)))
      .flatMap((diagnostic) => {
        if (diagnostic instanceof AnnotationDiagnostic) return replacementOf(diagnostic, document);
        if (diagnostic instanceof FindingDiagnostic) return this.#fixesOf(diagnostic);
        return [];
      });
  }

  #fixesOf(diagnostic: FindingDiagnostic): vscode.CodeAction[] {
    const { runId, findingId } = diagnostic;
    const run = this.#runs.find(runId);
    const finding = run?.record.findings.find(({ id }) => id === findingId);
    if (!run || !finding) return [];
    return run.fixesOf(finding).flatMap(({ id, title, words }, index) => {
      const args = [runId, run.revision, findingId, id];
      const label = words?.label ?? title;
      const outcome = words ? `: ${outcomeSentence(words, lossWord(run.record.config))}` : ' (not tried)';
      const write = action(
        `Write ${label} to the annotation${outcome}`,
        'adamscope.applyFix',
        args,
        diagnostic,
      );
      const again = action(`Run again with ${label}${outcome}`, 'adamscope.runWithFix', args, diagnostic);
      write.isPreferred = index === 0;
      return [write, again];
    });
  }
}

function isSame(one: vscode.Diagnostic, other: vscode.Diagnostic): boolean {
  return codeOf(one) === codeOf(other) && one.range.isEqual(other.range);
}

function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}

function action(
  title: string,
  command: string,
  args: unknown[],
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction {
  const made = new vscode.CodeAction(`Adamscope: ${title}`, vscode.CodeActionKind.QuickFix);
  made.command = { command, title, arguments: args };
  made.diagnostics = [diagnostic];
  return made;
}

function replacementOf(diagnostic: AnnotationDiagnostic, document: vscode.TextDocument): vscode.CodeAction[] {
  if (diagnostic.replacement === undefined) return [];
  const made = new vscode.CodeAction(
    `Adamscope: change to ${diagnostic.replacement}`,
    vscode.CodeActionKind.QuickFix,
  );
  made.edit = new vscode.WorkspaceEdit();
  made.edit.replace(document.uri, diagnostic.range, diagnostic.replacement);
  made.diagnostics = [diagnostic];
  made.isPreferred = true;
  return [made];
}
