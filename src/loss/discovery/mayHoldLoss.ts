import type { DiscoveryMode } from '../declaration';
import { languageOf } from '../language';
import { baseName } from './candidateFile';
import { writesVectorType } from './lossName';
import { mayAnnotate, mayDefineLoss } from './python/quickTests';

/** The words that may directly precede the name of a declared function. */
const keywords =
  'const|let|var|function|static|async|readonly|override|accessor|declare|public|private|protected';

/**
 * The names of losses that `isLossByName` accepts: a whole word in any case, or the last word of a camel-case
 * name.
 */
const plain = nameEnds('loss|objective|energy|nll', 'Loss|Objective|Energy|Nll|NLL');
const common = nameEnds('cost|error', 'Cost|Error');
/** Exports whose names are properties of an object, not declarations. */
const exportsOfMembers = /\bexports\b|\bexport\s*[=/]/;
/** A file whose declarations or JSDoc comments have types. */
const typescript = /\.(?:[cm]?ts|tsx)$/i;
const typedComment = /@(?:param|arg|argument|type)\b/;

/**
 * Whether `discover` may find a loss in a text, tested by regular expressions to avoid parsing. The result
 * may be true for a text without a loss, but must never be false for a text with one.
 */
export function mayHoldLoss(text: string, file: string, mode: DiscoveryMode): boolean {
  if (mode === 'off') return false;
  if (languageOf(file) === 'python') return mayAnnotate(text) || (mode === 'named' && mayDefineLoss(text));
  if (!text.includes('export')) return false;
  if (text.includes('@loss')) return true;
  if (mode === 'annotated') return false;
  // The name of an anonymous default export is that of its file.
  const name = baseName(file).replace(/\.[^.]*$/, '');
  const holds = ({ anywhere, declared }: NameEnds) =>
    anywhere.some((each) => each.test(name)) ||
    (exportsOfMembers.test(text) ? anywhere : declared).some((each) => each.test(text));
  if (holds(plain)) return true;
  const isTyped = typescript.test(file) || typedComment.test(text);
  return isTyped && writesVectorType(text) && holds(common);
}

/** Whether a text may contain an annotation with a tag, without parsing it. */
export function mayHoldTag(text: string, file: string, tag: 'optimizerStep' | 'expect'): boolean {
  return languageOf(file) === 'python' ? mayAnnotate(text) : text.includes(`@${tag}`);
}

interface NameEnds {
  readonly anywhere: readonly RegExp[];
  /**
   * Matches only where the name may be declared: after a keyword, a comma, a star or a comment and before a
   * value or parameters, or as the key of a function in an object or class.
   */
  readonly declared: readonly RegExp[];
}

function nameEnds(words: string, lastWords: string): NameEnds {
  // The lookbehinds are at the end, because a pattern that begins with one evaluates it at every character.
  const word = String.raw`(?:${words})(?![\w$])(?<![a-z$](?:${words}))`;
  const suffix = String.raw`(?:${lastWords})(?![\w$])(?<=[a-z\d$](?:${lastWords}))`;
  const start = String.raw`["']?[\w$\u0080-\uffff]*)`;
  const declared = String.raw`(?=["']?\s*[=(:<!/])(?<=(?:\b(?:${keywords})|[,*/]|\/\/.*[\r\n])\s*${start}`;
  const member = String.raw`(?=["']?\s*(?:[(</]|:\s*(?:[(</]|async\b|function\b)))(?<=[{};]\s*${start}`;
  // One pattern for both places reads the text once.
  const place = `${declared}|${member}`;
  return {
    anywhere: [new RegExp(word, 'i'), new RegExp(suffix)],
    declared: [new RegExp(`${word}(?:${place})`, 'i'), new RegExp(`${suffix}(?:${place})`)],
  };
}
