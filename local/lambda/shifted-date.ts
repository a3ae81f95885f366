/**
 * Replaces the global `Date` of this thread by one that reads a shared clock, so that moving the
 * clock moves sessions, tokens and TTL without waiting. Timers keep real time. Returns what makes it
 * read another clock: the milliseconds that this one is ahead.
 */
export function installShiftedDate(
  clockOffset: SharedArrayBuffer,
): (clockOffset: SharedArrayBuffer) => void {
  let cell = new BigInt64Array(clockOffset);
  const RealDate = Date;
  const now = () => RealDate.now() + Number(Atomics.load(cell, 0));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parts, newTarget) =>
      Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : Reflect.get(target, property, receiver),
  });
  return (other) => {
    cell = new BigInt64Array(other);
  };
}
