// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
export const lossStart = [1, { get y(): number { for (;;); } }];
export function loss([x, y]: number[]): number { // HERE
  return x! * y!;
}
