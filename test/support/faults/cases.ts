import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import type { VerdictKind } from '../../../src/core/verdict/verdict';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { discover, optimizerStepsIn } from '../../../src/loss/discovery/discover';
import { isOptimizerStep } from '../../../src/loss/discovery/optimizerStep';
import { LineMap } from '../../../src/loss/places/lineMap';
import type { FaultCode } from './codes';
import { type LabelledPlace, parseLabel } from './label';

/** The folder of the programs, with one folder per subject. */
export const faultsFolder = path.resolve(import.meta.dirname, '../../corpus/faults');

/** A loss or an optimizer step of the corpus, before its label is parsed. */
export interface FaultProgram {
  /** For example valleys/rosenbrock.ts#burst. */
  readonly name: string;
  readonly declaration: LossDeclaration;
  readonly isStep: boolean;
  /** The part of the comment before its first tag, without stars or `#`. */
  readonly labelText: string;
}

/** A finding that must be reported, with its place. */
export interface PlacedFinding {
  readonly code: FaultCode;
  readonly location: SourceLocation;
}

export interface FaultCase extends Pick<FaultProgram, 'name' | 'declaration' | 'isStep'> {
  readonly finds: readonly PlacedFinding[];
  readonly silent: readonly FaultCode[];
  readonly may: readonly FaultCode[];
  /** null: the label does not say it. */
  readonly verdict: VerdictKind | null;
  /** See `Label`. */
  readonly edit: string | null;
}

/** All annotated losses and optimizer steps below the folder, in the order of the files and within them. */
export function faultPrograms(folder = faultsFolder): FaultProgram[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:[cm]?[jt]s|py)$/.test(file))
    .sort();
  return files.flatMap((relative) => {
    const file = path.join(folder, relative);
    const text = readFileSync(file, 'utf8');
    const steps = optimizerStepsIn(text, file);
    return [...discover(text, file, 'annotated'), ...steps].map((declaration) => ({
      name: `${relative.replaceAll(path.sep, '/')}#${declaration.name}`,
      declaration,
      isStep: isOptimizerStep(declaration),
      labelText: labelTextOf(declaration, new LineMap(file, text)),
    }));
  });
}

/** @throws Error that states what is wrong with the label */
export function faultCase({ name, declaration, isStep, labelText }: FaultProgram): FaultCase {
  const { finds, silent, may, verdict, edit } = parseLabel(labelText);
  if (isStep && verdict !== null) throw new Error('the check of an optimizer step has no verdict');
  return {
    name,
    declaration,
    isStep,
    finds: finds.map(({ code, place }) => ({
      code,
      location: place ? locationOf(place, declaration) : declaration.location,
    })),
    silent,
    may,
    verdict,
    edit,
  };
}

function labelTextOf({ annotation, language }: LossDeclaration, lines: LineMap): string {
  const { from } = lines.range(annotation!.location);
  const to = lines.range(annotation!.tags[0]!.location).from;
  const text = lines.text.slice(from, to);
  return language === 'python'
    ? text.replace(/#+\s*adamscope:\s*$/, '').replaceAll(/^[ \t]*#+/gm, '')
    : text.replace(/^\/\*\*/, '').replaceAll(/^[ \t]*\*/gm, '');
}

/** The only place of the text in the part of the file that belongs to the loss: its tags and its function. */
function locationOf({ text, within, file }: LabelledPlace, declaration: LossDeclaration): SourceLocation {
  const wanted = file ? path.join(path.dirname(declaration.file), file) : declaration.file;
  const lines = new LineMap(wanted, withoutLabels(readFileSync(wanted, 'utf8')));
  const whole = file ? { from: 0, to: lines.text.length } : ownRange(declaration, lines);
  const around = within === null ? whole : onlyRange(within, whole, lines.text);
  const { from, to } = onlyRange(text, around, lines.text);
  return lines.location(from, to);
}

/** The text with blanks instead of labels, because labels quote the marked text. */
function withoutLabels(text: string): string {
  return text.replaceAll(/^( \*|#) Finds: [\s\S]*?^\1$/gm, (label) => label.replaceAll(/\S/g, ' '));
}

function ownRange({ annotation, extent }: LossDeclaration, lines: LineMap): { from: number; to: number } {
  return { from: lines.range(annotation!.tags[0]!.location).from, to: lines.range(extent).to };
}

function onlyRange(
  wanted: string,
  { from, to }: { from: number; to: number },
  text: string,
): { from: number; to: number } {
  const places = text.slice(from, to).split(wanted).length - 1;
  if (places !== 1) throw new Error(`«${wanted}» stands there ${places} times, not once`);
  const at = text.indexOf(wanted, from);
  return { from: at, to: at + wanted.length };
}
