import * as vscode from 'vscode';
import type { Picture } from '../../agents/agentTool';
import { callTool } from '../../agents/callTool';
import { questionBefore } from '../../agents/questionBefore';
import { SessionRuns } from '../../agents/sessionRuns';
import { toolNamed } from '../../agents/tools/registry';
import type { Workplace } from '../../agents/workplace';
import type { OpenedWindow } from '../openWindow';
import type { LanguageModelToolName } from './toolNames';
import { workplaceIn } from './workplace';

/** A part of a result that VS Code 1.101 does not have yet. */
interface DataPart {
  image(data: Uint8Array, mimeType: string): unknown;
}

/** The tools for language models, in a window of VS Code. */
export class WindowTools {
  readonly #workplace: Workplace;
  readonly #runs: SessionRuns;

  constructor(window: OpenedWindow, extensionUri: vscode.Uri) {
    this.#workplace = workplaceIn(window, extensionUri);
    this.#runs = new SessionRuns(this.#workplace.runs, this.#workplace.roots);
  }

  /** What VS Code shows before and while a tool works. A tool that runs code asks first. */
  prepare(name: LanguageModelToolName, input: unknown): vscode.PreparedToolInvocation {
    const question = questionBefore(name, input, this.#workplace);
    return {
      invocationMessage: `Adamscope: ${toolNamed(name).title}`,
      ...(question && {
        confirmationMessages: {
          title: question.title,
          // It contains names that come from the model, so it is no Markdown.
          message: new vscode.MarkdownString().appendText(question.text),
        },
      }),
    };
  }

  /** @throws Error with a sentence for the model */
  async invoke(
    name: LanguageModelToolName,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const cancel = new AbortController();
    const subscription = token.onCancellationRequested(() => cancel.abort());
    if (token.isCancellationRequested) cancel.abort();
    try {
      const { signal } = cancel;
      // The view Runs shows the progress.
      const context = { workplace: this.#workplace, runs: this.#runs, signal, progress: () => {} };
      const result = await callTool(name, input, context);
      if (result.kind === 'problem') throw new Error(result.text);
      const { text, json, picture } = result;
      const parts = [text, JSON.stringify(json)].map((value) => new vscode.LanguageModelTextPart(value));
      const drawn = picture ? pictureParts(picture) : [];
      // The constructor's type knows the parts of VS Code 1.101 only.
      return new vscode.LanguageModelToolResult([...parts, ...(drawn as vscode.LanguageModelTextPart[])]);
    } finally {
      subscription.dispose();
    }
  }

  dispose(): Promise<void> {
    return this.#runs.dispose();
  }
}

/** A picture, where VS Code can pass one to a model. */
function pictureParts({ data, mimeType }: Picture): unknown[] {
  const { LanguageModelDataPart: part } = vscode as unknown as { readonly LanguageModelDataPart?: DataPart };
  return typeof part?.image === 'function' ? [part.image(data, mimeType)] : [];
}
