// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: red"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  throw new Error('red\u001b[31m\u001b]0;title\u0007\r\nadamscope: all is well\u0008\u009b2J'); // HERE
}
