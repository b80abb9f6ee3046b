// hostile: {"exit": 2, "code": "loss-threw", "says": "failed at step 1"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  throw proxy;
}
