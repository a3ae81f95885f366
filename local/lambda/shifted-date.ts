/**
 * Replaces the global `Date` of this thread by one that reads the shared clock, so that moving the
 * clock moves sessions, tokens and TTL without waiting. Timers keep real time.
 */
export function installShiftedDate(clockOffset: SharedArrayBuffer): void {
  const cell = new BigInt64Array(clockOffset);
  const RealDate = Date;
  const now = () => RealDate.now() + Number(Atomics.load(cell, 0));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parts, newTarget) =>
      Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : Reflect.get(target, property, receiver),
  });
}
