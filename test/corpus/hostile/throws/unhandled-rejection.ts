// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: rejected"}
/** @start [1, 2] */
export async function loss([x, y]: number[]): Promise<any> {
  void Promise.reject(new Error('rejected')); // HERE
  await new Promise((go) => setTimeout(go, 20));
  return x;
}
