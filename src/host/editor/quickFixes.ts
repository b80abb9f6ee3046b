import * as vscode from 'vscode';
import type { SourceFix } from '../../core/diagnosis/finding';
import { outcomeSentence } from '../../core/verify/titles';
import { isReplayable } from '../../recordings/spikePlan';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import type { RunStore } from '../../runs/runStore';
import { languages } from '../languages';
import { openText } from '../sources/openSources';
import { AnnotationDiagnostic } from './annotationDiagnostics';
import { RecordedDiagnostic } from './recordingDiagnostics';
import { FindingDiagnostic } from './runDiagnostics';

/**
 * The quick fixes: the correct name in an annotation, and for each fix of a finding *write it* and *run with
 * it*, or *preview it* if it edits the source; *try it here* for a spike of a training.
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
        if (diagnostic instanceof RecordedDiagnostic && isReplayable(diagnostic.finding))
          return [tryHere(diagnostic)];
        return [];
      });
  }

  #fixesOf(diagnostic: FindingDiagnostic): vscode.CodeAction[] {
    const { runId, findingId } = diagnostic;
    const run = this.#runs.find(runId);
    const finding = run?.record.findings.find(({ id }) => id === findingId);
    if (!run || !finding) return [];
    return run.fixesOf(finding).flatMap((fix, index) => {
      const { id, title, words } = fix;
      const args = [runId, run.revision, findingId, id];
      const label = words?.label ?? title;
      const outcome = words ? `: ${outcomeSentence(words)}` : ' (not tried)';
      if (fix.edit) {
        if (!isCurrent(run, fix)) return [];
        const preview = action(`Preview the edit ${label}${outcome}`, 'adamscope.applyFix', args, diagnostic);
        preview.isPreferred = index === 0;
        return [preview];
      }
      const write = action(
        `Write ${label} to the annotation${outcome}`,
        'adamscope.applyFix',
        args,
        diagnostic,
      );
      const again = action(`Run again with ${label}${outcome}`, 'adamscope.runWithFix', args, diagnostic);
      const compare = action(`Compare with ${label}`, 'adamscope.compareWithFix', args, diagnostic);
      write.isPreferred = index === 0;
      return [write, again, compare];
    });
  }
}

function tryHere(diagnostic: RecordedDiagnostic): vscode.CodeAction {
  const { runId, finding } = diagnostic;
  return action('Try it here', 'adamscope.tryHere', [runId, finding.id], diagnostic);
}

/** Whether the expression that a fix edits is still there, in the open documents. */
function isCurrent(run: Run, { edit }: SourceFix): boolean {
  const loaded = new Map(run.record.source.texts);
  const places = RunPlaces.now(run, (file) => openText(file) ?? loaded.get(file));
  return places !== null && places.ofEdit(edit) !== null;
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
