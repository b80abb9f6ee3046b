import {
  type ArrayPattern,
  type Parameter,
  returnsNumber,
  type Signature,
  type TypeShape,
} from './javascript/typeShape';

/** Words that name a loss. */
const plainWord = /(?:^|_|\d)(?:loss|objective|energy|nll)$/i;
const plainSuffix = /[a-z\d$](?:Loss|Objective|Energy|Nll|NLL)$/;
/**
 * Words that code also uses for other things. They count only if the parameter and return types are declared.
 */
const commonWord = /(?:^|_|\d)(?:cost|error)$/i;
const commonSuffix = /[a-z\d$](?:Cost|Error)$/;

/**
 * Whether a text contains a vector type: a function is found by a common word only if it does. The type may be an
 * alias of it, and may contain a comment.
 */
export function writesVectorType(text: string): boolean {
  return vectorType.test(text);
}
const vectorType =
  /Float64Array|\b[nN]umber\s*,?\s*(?:[/[\]]|\)\s*\[)|(?:Array|ArrayLike|Iterable)\s*\.?<[^<>;{}]{0,80}\b[nN]umber\b/;

/** Whether a name ends with a word for a loss, common or not. */
export function namesLoss(name: string): boolean {
  return !isCommonName(name) || commonWord.test(name) || commonSuffix.test(name);
}

/** Whether a name ends with a word that code also uses for other things. */
export function isCommonName(name: string): boolean {
  return !plainWord.test(name) && !plainSuffix.test(name);
}

/**
 * Whether a function without an annotation is offered as a loss: its name ends with a word for a loss, its
 * parameter is a vector of numbers, its return type, if declared, is a number, and it needs no argument that
 * a loss does not get.
 *
 * @param name      without the names of the objects or classes that contain the function
 * @param unfilled  the parameter that gets no argument; null if there is none
 */
export function isLossByName(
  name: string,
  { parameters, returns }: Signature,
  unfilled: string | null,
): boolean {
  const [first, second] = parameters;
  // A function that compares two entries has an array pattern there, too.
  if (!first || first.isRest || second?.pattern?.kind === 'array' || unfilled !== null) return false;
  if (returns !== null && !returnsNumber(returns)) return false;
  if (plainWord.test(name) || plainSuffix.test(name)) return takesVector(first);
  if (!namesLoss(name)) return false;
  return returns !== null && first.typeText !== null && isNumberVector(first.type);
}

function takesVector({ pattern, type, typeText }: Parameter): boolean {
  if (isNumberVector(type)) return pattern === null || isFlat(pattern);
  if (!isFlat(pattern)) return false;
  // A named type of another file may be a vector of numbers. A literal type is known, and was checked above.
  return typeText === null || (type.kind === 'unknown' && /^[A-Z][\w.]*$/.test(typeText));
}

function isFlat(pattern: Parameter['pattern']): pattern is ArrayPattern {
  return pattern?.kind === 'array' && !pattern.isNested;
}

/** Whether a type is a list of numbers or a Float64Array. */
function isNumberVector(type: TypeShape): boolean {
  if (type.kind === 'typedArray') return type.name === 'Float64Array';
  if (type.kind === 'union')
    return type.members.length > 0 && type.members.every((member) => isNumberVector(member));
  return type.kind === 'array' && isAllNumbers(type.element);
}

function isAllNumbers(type: TypeShape): boolean {
  return type.kind === 'union' ? type.members.every(isAllNumbers) : type.kind === 'number';
}
