/** What a thread is started with (`workerData`): the same for every container that it will be. */
export interface ThreadSettings {
  readonly skipsPauses: boolean;
  /** Whether it may become another container when one is over. */
  readonly isShared: boolean;
  /** Where code lies that other threads have compiled. */
  readonly compiledDirectory: string;
  /** Not 0 from the crash of a container on: what it would still say to others is not said. */
  readonly cutOff: SharedArrayBuffer;
}

/** What a thread is while it is one container of a function. */
export interface ContainerSettings {
  readonly assetDirectory: string;
  readonly handler: string;
  /** Milliseconds that the shared clock is ahead of the machine's. */
  readonly clockOffset: SharedArrayBuffer;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroupName: string;
}

/** To the thread: what it is from now on. */
export interface LoadMessage {
  readonly type: 'load';
  readonly settings: ContainerSettings;
  readonly environment: Readonly<Record<string, string>>;
}

/** To the thread: one event. It gets the next one when it has answered this one. */
export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly payload: string;
  /** When the function times out, in the machine's own milliseconds. */
  readonly deadlineMs: number;
}

/** To the thread: the container is over, and another may follow. */
export interface LeaveMessage {
  readonly type: 'leave';
}

/** To the thread: `cutOff` has changed. */
export interface CutOffMessage {
  readonly type: 'cut-off';
}

export type ThreadMessage = LoadMessage | InvokeMessage | LeaveMessage | CutOffMessage;

/** From the thread. */
export type ContainerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-error'; readonly error: FunctionErrorBody }
  | { readonly type: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'error'; readonly requestId: string; readonly error: FunctionErrorBody }
  /** `isEmpty`: nothing of the container goes on, and another may follow. */
  | { readonly type: 'left'; readonly isEmpty: boolean };

/** The JSON that Lambda answers with when a function fails. */
export interface FunctionErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: ReadonlyArray<string>;
}
