import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';
import { lossInText } from '../discovery/lossInText';
import { isSameLoss, withPlainLineEnds } from '../discovery/sameLoss';
import type { LossSource } from '../source';
import { LineMap } from './lineMap';
import { movedPlace } from './movedPlace';

/** A loss at the time when its findings were made. */
export interface LossThen {
  readonly source: Pick<LossSource, 'file' | 'lossName' | 'location'>;
  /** The text of the function with its comment. */
  readonly lossText: string;
}

/** The declaration of the loss in the current text of its file; null if the loss has changed or is gone. */
export function declarationNow({ source, lossText }: LossThen, text: string): LossDeclaration | null {
  const { file, lossName } = source;
  const declaration = lossInText(text, file, lossName);
  if (!declaration) return null;
  const { from, to } = new LineMap(file, text).range(declaration.extent);
  return isSameLoss(lossText, text.slice(from, to), file, lossName) ? declaration : null;
}

/** Returns the text of a file by its path; undefined if there is none. */
export type Texts = (file: string) => string | undefined;

/**
 * The current location of an earlier location. Inside the loss, whose code is unchanged, it keeps its
 * distance from the name of the loss. Elsewhere, in any file, it moves with the top-level statement that
 * encloses it.
 *
 * @returns null if the code at the location has changed
 */
export function placeNow(
  location: SourceLocation,
  { source }: LossThen,
  declaration: LossDeclaration,
  texts: { readonly before: Texts; readonly now: Texts },
): SourceLocation | null {
  const before = texts.before(location.file);
  const now = texts.now(location.file);
  if (now === undefined) return null;
  if (before === undefined) return location;
  return (
    (location.file === source.file
      ? placeInLoss(location, source.location, declaration, before, now)
      : null) ?? movedPlace(location, before, now)
  );
}

function placeInLoss(
  location: SourceLocation,
  name: SourceLocation,
  declaration: LossDeclaration,
  before: string,
  now: string,
): SourceLocation | null {
  const linesBefore = new LineMap(location.file, withPlainLineEnds(before));
  const lines = new LineMap(location.file, withPlainLineEnds(now));
  const moved = lines.range(declaration.location).from - linesBefore.range(name).from;
  const { from, to } = linesBefore.range(location);
  const isInside =
    from + moved >= lines.range(declaration.statement).from &&
    to + moved <= lines.range(declaration.extent).to;
  return isInside ? lines.location(from + moved, to + moved) : null;
}
