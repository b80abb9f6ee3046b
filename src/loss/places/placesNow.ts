import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';
import { lossInText } from '../discovery/lossInText';
import { isSameLoss, withPlainLineEnds } from '../discovery/sameLoss';
import type { LossSource } from '../source';
import { LineMap } from './lineMap';
import { movedPlace } from './movedPlace';

/** A loss as it was when something was found in it. */
export interface LossThen {
  readonly source: Pick<LossSource, 'file' | 'lossName' | 'location'>;
  /** Of the function with its comment. */
  readonly lossText: string;
}

/** The declaration of the loss in the text of its file now; null if it has changed or is gone. */
export function declarationNow({ source, lossText }: LossThen, text: string): LossDeclaration | null {
  const { file, lossName } = source;
  const declaration = lossInText(text, file, lossName);
  if (!declaration) return null;
  const { from, to } = new LineMap(file, text).range(declaration.extent);
  return isSameLoss(lossText, text.slice(from, to), file, lossName) ? declaration : null;
}

/** Texts of files by their paths; undefined where there is none. */
export type Texts = (file: string) => string | undefined;

/**
 * Where a place of then stands now. In the loss, whose code is the same, it moves with the loss's name, to the column;
 * elsewhere, in whatever file, with the statement around it.
 *
 * @returns null if what stood there has changed
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
  const linesThen = new LineMap(location.file, withPlainLineEnds(before));
  const lines = new LineMap(location.file, withPlainLineEnds(now));
  const moved = lines.range(declaration.location).from - linesThen.range(name).from;
  const { from, to } = linesThen.range(location);
  const isInside =
    from + moved >= lines.range(declaration.statement).from &&
    to + moved <= lines.range(declaration.extent).to;
  return isInside ? lines.location(from + moved, to + moved) : null;
}
