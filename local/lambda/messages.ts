/** What a worker is started with (`workerData`). */
export interface WorkerSettings {
  readonly assetDirectory: string;
  readonly handler: string;
  /** Milliseconds that the shared clock is ahead of the machine's. */
  readonly clockOffset: SharedArrayBuffer;
  readonly skipsPauses: boolean;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroupName: string;
}

/** To the worker: one event. It gets the next one when it has answered this one. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  /** When the function times out, in the machine's own milliseconds. */
  readonly deadlineMs: number;
}

/** From the worker. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-error'; readonly error: FunctionErrorBody }
  | { readonly type: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'error'; readonly requestId: string; readonly error: FunctionErrorBody };

/** The JSON that Lambda answers with when a function fails. */
export interface FunctionErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: ReadonlyArray<string>;
}
