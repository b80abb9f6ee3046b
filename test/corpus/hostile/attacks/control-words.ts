// hostile: {"exit": 2, "says": ".", "timeout": 600}
const seen = new Set<Int32Array>();
for (const name of ['load', 'store', 'add', 'sub', 'wait'] as const) {
  const original = Atomics[name] as (...args: any[]) => any;
  (Atomics as any)[name] = (...args: any[]) => {
    seen.add(args[0]);
    return original(...args);
  };
}

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  for (const words of seen) words.fill(1);
  for (;;);
}
