// hostile: {"exit": 2, "says": "Error: a", "loss": "f"}
/** @start [1] */
function f([x]: number[]): any {
  throw new Error('a'); // HERE
}
export { f as '\u001b[2J' };
