import * as vscode from 'vscode';
import { expectedAndActual } from '../../core/expectation';
import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../../loss/declaration';
import { placeOfValue } from '../../loss/places/optionPlace';
import { placeOfFinding } from '../../loss/places/placeOfFinding';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import { rangeOf } from '../positions';
import { openText } from '../sources/openSources';
import { uriOf } from '../sources/places';
import { type Explanation, explanationOf, fixTexts } from './explanation';
import { proseText } from './proseText';

/**
 * The messages of a test that failed: the difference between what was expected and reached, at `@expect`, and the explanation, at the
 * place of the finding.
 */
export function failureMessages(run: Run, declaration: LossDeclaration): vscode.TestMessage[] {
  const { config, expectation } = run.record;
  const places = placesOf(run);
  const ofExpectation =
    places?.expectation ?? placeOfValue(declaration, ['expect'], []) ?? declaration.location;
  const messages: vscode.TestMessage[] = [];
  if (config.expect && expectation && !expectation.met) {
    const { expected, actual } = expectedAndActual(config.expect, expectation);
    const words = run.expectation?.words ?? actual;
    messages.push(at(ofExpectation, vscode.TestMessage.diff(words, expected, actual)));
  }
  const explanation = explanationOf(run);
  if (explanation) {
    const { finding } = explanation;
    const place = finding
      ? (places?.ofFinding(finding) ?? placeOfFinding(finding, declaration, []))
      : ofExpectation;
    messages.push(at(place, new vscode.TestMessage(explanationText(run, explanation))));
  }
  return messages;
}

/** A message of a test that could not be run, at a place. */
export function errorMessage(message: string, location: SourceLocation): vscode.TestMessage {
  return at(location, new vscode.TestMessage(message));
}

/** The places in the texts that the editor shows; if the loss has changed since, in those that the run loaded. */
function placesOf(run: Run): RunPlaces | null {
  const loaded = new Map(run.record.source.texts);
  return RunPlaces.now(run, (file) => openText(file) ?? loaded.get(file)) ?? RunPlaces.atRun(run);
}

function at(location: SourceLocation, message: vscode.TestMessage): vscode.TestMessage {
  message.location = new vscode.Location(uriOf(location), rangeOf(location));
  return message;
}

function explanationText(
  run: Run,
  { finding, headline, details, fix, refusal }: Explanation,
): vscode.MarkdownString {
  const { id } = run.record;
  const title = finding ? `${finding.severity}: ${headline}` : headline;
  const links = [commandLink('Show the run in the dashboard', 'adamscope.showDashboard', [id])];
  const paragraphs = [`**${proseText(title)}**`, ...details.map(proseText)];
  if (refusal) paragraphs.push(proseText(refusal));
  if (fix) {
    const { label, outcome } = fixTexts(fix.fix);
    const args = [id, run.revision, fix.findingId, fix.fix.id];
    paragraphs.push(`Try **${proseText(label)}**: ${proseText(outcome)}`);
    const action = fix.fix.edit ? 'Preview the edit' : 'Write it to the annotation';
    links.unshift(commandLink(action, 'adamscope.applyFix', args));
  }
  const text = new vscode.MarkdownString([...paragraphs, links.join(' · ')].join('\n\n'));
  text.isTrusted = { enabledCommands: ['adamscope.showDashboard', 'adamscope.applyFix'] };
  return text;
}

function commandLink(title: string, command: string, args: readonly unknown[]): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
}
