import type { FunctionShape } from './functionShape';

/** Words that name a loss. */
const plainWord = /(?:^|_|\d)(?:loss|objective|energy|nll)$/i;
const plainSuffix = /[a-z\d$](?:Loss|Objective|Energy|Nll|NLL)$/;
/**
 * Words that code also uses for other things. They count only if the parameter and return types are declared.
 */
const commonWord = /(?:^|_|\d)(?:cost|error)$/i;
const commonSuffix = /[a-z\d$](?:Cost|Error)$/;

/**
 * Whether a function without an annotation is offered as a loss: its name ends with a word for a loss, its
 * parameter is a vector of numbers, and its return type, if declared, is a number.
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
  // A named type may be a vector of numbers. A literal type was checked above and is not one.
  return parameterType === null || /^[A-Z][\w.]*$/.test(parameterType);
}

/** Whether a type is `number[]`, `readonly number[]`, `Float64Array` or a tuple of numbers. */
function isNumberVector(type: string): boolean {
  if (/^(?:readonly )?number\[\]$/.test(type) || /^Float64Array(?:<[\w.]+>)?$/.test(type)) return true;
  return /^(?:readonly )?\[(?:\w+\??:\s*)?number(?:,(?:\w+\??:\s*)?number)*,?\]$/.test(type);
}

function isNumber(type: string): boolean {
  return type === 'number' || type === 'Promise<number>';
}
