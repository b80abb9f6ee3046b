// hostile: {"exit": 2, "says": "Error: trap"}
/** @start [1, 2] */
export const loss = new Proxy(([x, y]: number[]): number => x! * x! + y! * y!, { get() { throw new Error('trap'); }, apply() { throw new Error('trap'); } }); // HERE
