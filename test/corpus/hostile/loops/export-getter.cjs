// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
exports.lossStart = [1, 2];
Object.defineProperty(exports, 'lossStart', { enumerable: true, get() { for (;;); } });
exports.loss = ([x, y]) => x * y; // HERE
