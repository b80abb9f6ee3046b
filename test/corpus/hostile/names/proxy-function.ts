// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @start [1, 2] */
export const loss = new Proxy(([x, y]: number[]): number => x! * x! + y! * y!, {});
