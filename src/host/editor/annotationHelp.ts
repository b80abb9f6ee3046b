import * as vscode from 'vscode';
import { type AnnotationItem, completions, hover } from '../../loss/annotation/annotationAssist';
import { languages } from '../languages';
import { rangeOf } from '../positions';
import { offsetIn, sourceOf } from '../sources/openSources';

const kinds: { readonly [K in AnnotationItem['kind']]: vscode.CompletionItemKind } = {
  tag: vscode.CompletionItemKind.Keyword,
  name: vscode.CompletionItemKind.EnumMember,
  option: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
};

/** Completion and hover inside an annotation. */
export function registerAnnotationHelp(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      languages,
      {
        provideCompletionItems(document, position) {
          const source = sourceOf(document);
          return source && completions(source.text, source.file, offsetIn(source, position)).map(toItem);
        },
      },
      '@',
      ' ',
      '=',
    ),
    vscode.languages.registerHoverProvider(languages, {
      provideHover(document, position) {
        const source = sourceOf(document);
        const found = source && hover(source.text, source.file, offsetIn(source, position));
        return found && new vscode.Hover(new vscode.MarkdownString(found.doc), rangeOf(found.location));
      },
    }),
  );
}

function toItem(entry: AnnotationItem): vscode.CompletionItem {
  const item = new vscode.CompletionItem(entry.label, kinds[entry.kind]);
  item.documentation = new vscode.MarkdownString(entry.doc);
  item.insertText = entry.insertText;
  item.range = rangeOf(entry.location);
  return item;
}
