/** Whether a text contains the word with which every annotation begins. */
export function mayAnnotate(text: string): boolean {
  return /adamscope/i.test(text);
}

/** Whether a text defines a function whose name ends with a word for a loss. */
export function mayDefineLoss(text: string): boolean {
  return definition.test(text);
}

// The lookbehind is at the end, because a pattern that begins with one evaluates it at every character.
const definition =
  /(?:loss|objective|energy|nll|cost|error)[\s\\]*[([](?<=\bdef[\s\\]+[\w\u0080-\uffff]+[\s\\]*[([])/i;
