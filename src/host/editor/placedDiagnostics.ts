import type * as vscode from 'vscode';
import { Uri } from 'vscode';
import type { SourceLocation } from '../../core/sourceLocation';
import { uriOf } from '../sources/places';

/** A diagnostic with its place, which names its document. */
export type PlacedDiagnostic = readonly [SourceLocation, vscode.Diagnostic];

/**
 * Shows diagnostics in their documents: files, and cells of open notebooks. They replace those of the collection.
 *
 * @param concerns  the documents whose diagnostics are replaced; default: all
 */
export function showPlaced(
  collection: vscode.DiagnosticCollection,
  placed: Iterable<PlacedDiagnostic>,
  concerns: (document: vscode.Uri) => boolean = () => true,
): void {
  const byDocument = new Map<string, vscode.Diagnostic[]>();
  for (const [location, diagnostic] of placed) {
    const document = uriOf(location).toString();
    byDocument.set(document, [...(byDocument.get(document) ?? []), diagnostic]);
  }
  const stale: vscode.Uri[] = [];
  collection.forEach((uri) => {
    if (concerns(uri) && !byDocument.has(uri.toString())) stale.push(uri);
  });
  for (const uri of stale) collection.delete(uri);
  for (const [document, diagnostics] of byDocument) collection.set(Uri.parse(document), diagnostics);
}
