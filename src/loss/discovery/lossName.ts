import type { FunctionShape } from './functionShape';

/** Words that say "loss" by themselves. */
const plainWord = /(?:^|_|\d)(?:loss|objective|energy|nll)$/i;
const plainSuffix = /[a-z\d$](?:Loss|Objective|Energy|Nll|NLL)$/;
/** Words that ordinary code uses for other things: they count only with both types written. */
const commonWord = /(?:^|_|\d)(?:cost|error)$/i;
const commonSuffix = /[a-z\d$](?:Cost|Error)$/;

/**
 * Whether a function without an annotation is offered as a loss: its name says so, and it takes one vector of numbers
 * and gives a number as far as it says what it takes and gives.
 */
export function isLossByName(name: string, shape: FunctionShape, file: string): boolean {
  if (shape.generator || shape.comparesArrays) return false;
  const returns = shape.returnType === null || isNumber(shape.returnType);
  if (!returns) return false;
  if (plainWord.test(name) || plainSuffix.test(name)) return takesVector(shape);
  if (!commonWord.test(name) && !commonSuffix.test(name)) return false;
  const isTyped = /\.(?:[cm]?ts|tsx)$/i.test(file);
  return (
    isTyped &&
    shape.returnType !== null &&
    shape.parameterType !== null &&
    isNumberVector(shape.parameterType)
  );
}

function takesVector({ pattern, parameterType }: FunctionShape): boolean {
  if (parameterType !== null && isNumberVector(parameterType)) return pattern === null || !pattern.nested;
  if (!pattern || pattern.nested) return false;
  // A named type may well be a vector; one that is written out and is not of numbers is none.
  return parameterType === null || /^[A-Z][\w.]*$/.test(parameterType);
}

/** `number[]`, `readonly number[]`, `Float64Array`; also tuples of numbers, which only patterns are written with. */
function isNumberVector(type: string): boolean {
  if (/^(?:readonly )?number\[\]$/.test(type) || /^Float64Array(?:<[\w.]+>)?$/.test(type)) return true;
  return /^(?:readonly )?\[(?:\w+\??:\s*)?number(?:,(?:\w+\??:\s*)?number)*,?\]$/.test(type);
}

function isNumber(type: string): boolean {
  return type === 'number' || type === 'Promise<number>';
}
