import { join } from 'node:path';
import type { EventArchive } from './events/event-archive.ts';
import { startEventBridge } from './events/event-bridge.ts';
import type { CredentialRegistry } from './gateway/credentials.ts';
import type { FunctionLogs } from './lambda/function-logs.ts';
import type { ExecutionView } from './states/answers.ts';
import { createRoleClient } from './states/role-client.ts';
import { createStatesService, type RetryPauses } from './states/service.ts';
import type { Deployment } from './template/deployment.ts';
import type { AuthorizationQuery, AwsService, Clock } from './types.ts';

/** The workflows of one region, and the schedules and events that start them. */
export interface Workflows {
  readonly service: AwsService;
  readonly events: AwsService;
  /** Newest first, state by state. */
  view(): ReadonlyArray<ExecutionView>;
  /** Once functions can run: what the end of a run before cut off goes on. */
  resume(): void;
  /** After a move of the clock: starts and wakes what has become due, and lets it come to rest. */
  clockMoved(): Promise<void>;
  /** Forgets all executions; schedules begin anew by the clock as it stands. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkflowsOptions {
  readonly region: string;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly gatewayUrl: string;
  readonly credentials: CredentialRegistry;
  readonly isAllowed: (query: AuthorizationQuery) => boolean;
  readonly logs: FunctionLogs;
  readonly archive: EventArchive;
  readonly disabledRules: ReadonlyArray<string>;
  readonly retryPauses: RetryPauses;
  /** Where executions are kept over restarts. */
  readonly dataDirectory: string | undefined;
}

export async function startWorkflows(options: WorkflowsOptions): Promise<Workflows> {
  const { region, gatewayUrl, credentials, dataDirectory, ...rest } = options;
  const common = { ...rest, region, callAs: createRoleClient(gatewayUrl, credentials) };
  const states = await createStatesService({
    ...common,
    ...(dataDirectory !== undefined && { dataDirectory: join(dataDirectory, 'states', region) }),
  });
  const eventBridge = startEventBridge(common);
  return {
    service: states,
    events: eventBridge.service,
    view: states.view,
    resume: states.resume,
    clockMoved: async () => {
      await eventBridge.clockMoved();
      await states.clockMoved();
      // What ran may have put events, which start more.
      await eventBridge.settled();
      await states.clockMoved();
    },
    reset: async () => {
      await states.reset();
      eventBridge.reset();
    },
    close: async () => {
      eventBridge.close();
      await states.close();
    },
  };
}
