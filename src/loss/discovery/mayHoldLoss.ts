import type { DiscoveryMode } from '../declaration';
import { baseName } from './candidateFile';

/** Names of losses, as `isLossByName` reads them: a word by itself in any case, or the last word of a camel-cased name. */
const plain = nameEnds('loss|objective|energy|nll', 'Loss|Objective|Energy|Nll|NLL');
const common = nameEnds('cost|error', 'Cost|Error');
/** Exports whose names are keys of an object or members, not declarations. */
const exportsOfMembers = /\bexports\b|\bexport\s*[=/]/;
const typescript = /\.(?:[cm]?ts|tsx)$/i;
/** A vector type as `isLossByName` reads it; a comment may stand inside. */
const vectorType = /Float64Array|\bnumber\s*,?\s*[/[\]]/;

/**
 * Whether `discover` can find anything in a text: a test of the text alone that spares parsing it. It may be true of a
 * text without a loss; it is false only where there is none.
 */
export function mayHoldLoss(text: string, file: string, mode: DiscoveryMode): boolean {
  if (mode === 'off' || !text.includes('export')) return false;
  if (text.includes('@loss')) return true;
  if (mode === 'annotated') return false;
  // An anonymous default export has the name of its file.
  const name = baseName(file).replace(/\.[^.]*$/, '');
  const holds = ({ anywhere, declared }: NameEnds) =>
    anywhere.some((each) => each.test(name)) ||
    (exportsOfMembers.test(text) ? anywhere : declared).some((each) => each.test(text));
  return holds(plain) || (typescript.test(file) && vectorType.test(text) && holds(common));
}

interface NameEnds {
  readonly anywhere: readonly RegExp[];
  /** Only where the name may be declared: after a keyword, a comma, a star or a comment, and before a value or parameters. */
  readonly declared: readonly RegExp[];
}

function nameEnds(words: string, lastWords: string): NameEnds {
  // What looks behind stands at the end: a pattern that begins with it tries it at every character.
  const word = String.raw`(?:${words})(?![\w$])(?<![a-z$](?:${words}))`;
  const suffix = String.raw`(?:${lastWords})(?![\w$])(?<=[a-z\d$](?:${lastWords}))`;
  const declared = String.raw`(?=\s*[=(:<!/])(?<=(?:\b(?:const|let|var|function)|[,*/]|\/\/.*[\r\n])\s*[\w$\u0080-\uffff]*)`;
  return {
    anywhere: [new RegExp(word, 'i'), new RegExp(suffix)],
    declared: [new RegExp(word + declared, 'i'), new RegExp(suffix + declared)],
  };
}
