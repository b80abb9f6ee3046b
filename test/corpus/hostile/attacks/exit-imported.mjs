// hostile: {"exit": 2, "code": "forbidden-call", "says": "called process\\.exit"}
import { exit } from 'node:process';

/** @start [1] */
export function loss([x]) {
  exit(0); // HERE
}
