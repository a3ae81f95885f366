/** What the thread of a demo app is started with (`workerData`). */
export interface DemoSettings {
  readonly clockOffset: SharedArrayBuffer;
}
