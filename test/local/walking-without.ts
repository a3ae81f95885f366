import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import type { GrantUsage } from '../../local/iam/usage.ts';
import type { Stack, TemplateResource } from '../../local/types.ts';
import type { Journey } from '../flows/every-journey.ts';
import { startTestCloud, type TestCloud, type TestCloudOptions } from '../harness/cloud.ts';
import { letCallersAskAgain } from './asking-again.ts';
import type { Shortfall } from './shortfall.ts';
import { placeOf, Withholding } from './withholding.ts';

export interface Walk {
  readonly cloud: TestCloud;
  readonly grants: ReadonlyArray<GrantUsage>;
  /** Names of the functions that have left a trace. */
  readonly writers: ReadonlySet<string>;
  /** The deployment itself needs it, before any journey. */
  readonly isForDeployment: (statement: ListedStatement) => boolean;
  /** Undefined when nothing was stopped for want of it. */
  readonly shortfallOf: (statement: ListedStatement) => Shortfall | undefined;
}

/**
 * Goes every journey to its end in one cloud, but of the statements given each is missing once, from
 * the moment at which it is first needed until that has stopped somebody: a request, which is then
 * made again, a workflow on its way, which an operator redrives, or else the journey, which is begun
 * anew until it succeeds to its end.
 */
export async function walkWithout(
  chosen: (statement: ListedStatement) => boolean,
  journeys: ReadonlyArray<Journey>,
  options: TestCloudOptions = {},
): Promise<Walk> {
  const { transformTemplate = (stack: Stack) => stack } = options;
  const cloud = await startTestCloud({
    ...options,
    transformTemplate: (stack) => withLittlePatience(transformTemplate(stack)),
  });
  const { authorizer } = cloud.cloud.infrastructure;
  const used = authorizer.usage().filter(({ calls }) => calls > 0);
  const forDeployment = new Set(used.map(({ owner, statementId: id }) => placeOf({ owner, id })));
  const statements = authorizer.statements().filter((one) => !forDeployment.has(placeOf(one)));
  const withholding = new Withholding(cloud, statements.filter(chosen));
  const writers = new Set<string>();
  const callers = letCallersAskAgain(cloud, withholding);
  const insisting = insistOn(cloud, withholding, callers.refused);
  const stopLeft = createStopper(cloud);
  try {
    for (const journey of journeys) {
      await cloud.deliverStreams();
      noteWriters(cloud, writers);
      while (!(await goOnce(journey, insisting, withholding))) await stopLeft.stop();
      await withholding.renew();
    }
  } finally {
    callers.letGo();
    stopLeft.close();
  }
  noteWriters(cloud, writers);
  return {
    cloud,
    grants: authorizer.usage(),
    writers,
    isForDeployment: (statement) => forDeployment.has(placeOf(statement)),
    shortfallOf: (statement) => withholding.shortfallOf(statement),
  };
}

/** True when it has succeeded to its end, and nothing is missing that nobody has missed yet. */
async function goOnce(
  journey: Journey,
  { cloud, insist, stopped }: Insisting,
  withholding: Withholding,
): Promise<boolean> {
  const before = stopped();
  withholding.begin();
  const failure = await journey.run(cloud).then(
    () => undefined,
    (cause: unknown) => new Error(`${journey.name}: ${cause}`, { cause }),
  );
  await insist();
  withholding.pause();
  const isMissing = withholding.missing() !== undefined;
  if (isMissing && failure !== undefined) await withholding.conclude();
  // It may be that it is needed by somebody else: a keyring is opened beside the other one.
  await withholding.spare();
  if (failure === undefined) return !isMissing;
  // Who was stopped on the way may find what was half done.
  if (isMissing || stopped() > before) return false;
  throw failure;
}

interface Insisting {
  readonly cloud: TestCloud;
  /** Whatever waits to be tried again is, and what has failed is redriven. */
  insist(): Promise<void>;
  /** How often something was stopped, and went on. */
  stopped(): number;
}

/** Longer than any pause between two attempts. */
const PAUSE_SECONDS = 300;

/** The cloud for a journey of which a workflow may fail, and be redriven, without its knowing. */
function insistOn(cloud: TestCloud, withholding: Withholding, refused: () => number): Insisting {
  let redriven = 0;
  const isRetrying = () =>
    cloud
      .executions()
      .some(
        ({ status, waitsUntil, awaitsAnswers }) =>
          status === 'RUNNING' && waitsUntil === undefined && awaitsAnswers === 0,
      );
  const lost = () => cloud.queues().reduce((sum, { messages }) => sum + messages.length, 0);
  const insist = async () => {
    while (withholding.missing() !== undefined) {
      for (let tries = 0; tries < 12 && isRetrying(); tries += 1)
        await cloud.advance(PAUSE_SECONDS);
      const failed = withholding.failures();
      if (failed.length === 0) return;
      await withholding.conclude();
      redriven += 1;
      for (const { arn } of failed) await cloud.redrive(arn);
      await cloud.advance(1);
    }
  };
  return {
    cloud: {
      ...cloud,
      advance: async (seconds) => {
        await cloud.advance(seconds);
        await insist();
      },
      // What was given up for want of it comes no more: nobody need go on without.
      deliverStreams: async () => {
        const lostBefore = lost();
        const isDelivered = await cloud.deliverStreams();
        return isDelivered && (withholding.missing() === undefined || lost() === lostBefore);
      },
    },
    insist,
    stopped: () => redriven + refused(),
  };
}

/** Of a journey that was stopped, nobody waits for the workflows any more. */
function createStopper(cloud: TestCloud) {
  const { endpoint, ...credentials } = cloud.cloud.seed().aws;
  const clients = new Map(
    Object.values(cloud.regions).map((region) => [
      region,
      new SFNClient({ endpoint, region, credentials }),
    ]),
  );
  return {
    stop: async () => {
      for (const { arn, status } of cloud.executions()) {
        const [, , , region = ''] = arn.split(':');
        if (status !== 'RUNNING') continue;
        await clients.get(region)?.send(new StopExecutionCommand({ executionArn: arn }));
      }
    },
    close: () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}

function noteWriters(cloud: TestCloud, writers: Set<string>): void {
  for (const entry of cloud.logs()) if (entry.stream !== 'platform') writers.add(entry.function);
}

/** What fails is tried again once: how often it is otherwise, other tests show. */
function withLittlePatience(stack: Stack): Stack {
  const resources = Object.entries(stack.template.Resources).map(
    ([id, resource]) => [id, withOneRetry(resource)] as const,
  );
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(resources) } };
}

function withOneRetry(resource: TemplateResource): TemplateResource {
  const { Type, Properties = {} } = resource;
  if (Type === 'AWS::Lambda::EventSourceMapping') {
    return { ...resource, Properties: { ...Properties, MaximumRetryAttempts: 1 } };
  }
  if (Type !== 'AWS::StepFunctions::StateMachine') return resource;
  const definition = JSON.stringify(Properties['DefinitionString']).replaceAll(
    /(MaxAttempts\W+)\d+/g,
    (_all, name: string) => `${name}1`,
  );
  const DefinitionString: unknown = JSON.parse(definition);
  return { ...resource, Properties: { ...Properties, DefinitionString } };
}
