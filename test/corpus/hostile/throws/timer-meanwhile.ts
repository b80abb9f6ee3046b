// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: timer"}
let isSet = false;

/** @start [1, 2] */
export async function loss([x, y]: number[]): Promise<any> {
  if (!isSet) setTimeout(() => { throw new Error('timer'); }, 0); // HERE
  isSet = true;
  await new Promise((go) => setTimeout(go, 1));
  return x * x + y * y;
}
