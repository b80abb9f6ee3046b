import { wrappers } from './calledFunction';

/** Whether a text contains the word with which every annotation begins. */
export function mayAnnotate(text: string): boolean {
  return /adamscope/i.test(text);
}

/** Whether a text defines a function whose name ends with a word for a loss, or assigns one to such a variable. */
export function mayDefineLoss(text: string): boolean {
  return definition.test(text) || assignment.test(text);
}

// The lookbehind is at the end, because a pattern that begins with one evaluates it at every character.
const definition =
  /(?:loss|objective|energy|nll|cost|error)[\s\\]*[([](?<=\bdef[\s\\]+[\w\u0080-\uffff]+[\s\\]*[([])/i;

// `train_loss = lambda w: …`, `loss: Loss = torch.compile(f)`
const assignment = new RegExp(
  String.raw`(?:loss|objective|energy|nll|cost|error)[\s\\]*(?::[^=\n]*)?=[\s\\(]*` +
    String.raw`(?:lambda\b|(?:[\w\u0080-\uffff]+[\s\\]*\.[\s\\]*)*(?:${wrappers.join('|')})[\s\\]*\()`,
  'i',
);
