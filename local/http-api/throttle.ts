/** A token bucket: `burst` at once, refilled at `ratePerSecond`. */
export interface Bucket {
  /** False when the caller must be told to slow down. */
  take(nowMs: number): boolean;
}

export interface ThrottleSettings {
  readonly burst: number;
  readonly ratePerSecond: number;
}

export function createBucket({ burst, ratePerSecond }: ThrottleSettings): Bucket {
  let tokens = burst;
  let filledAtMs: number | undefined;
  return {
    take(nowMs) {
      const elapsedMs = Math.max(0, nowMs - (filledAtMs ?? nowMs));
      filledAtMs = nowMs;
      tokens = Math.min(burst, tokens + (elapsedMs / 1000) * ratePerSecond);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
