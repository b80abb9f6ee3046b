// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"], "loss": "default"}
/** @start [1, 2] */
export default ([x, y]: number[]): number => x! * x! + y! * y!;
