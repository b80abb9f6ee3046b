// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @start [1, 2] */
exports.loss = ([x, y]) => x * x + y * y;
module.exports = new Proxy(exports, { ownKeys: () => { throw new Error('trap'); } });
