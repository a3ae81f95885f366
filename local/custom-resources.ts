import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { FunctionPool } from './lambda/function-pool.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';
import type { Deployment } from './template/deployment.ts';
import type { DeployedResource } from './types.ts';

/** What a custom resource's provider answered, kept with `--data` so that it runs once only. */
export interface CompletedResource {
  readonly physicalId: string;
  readonly data: Readonly<Record<string, string>>;
  /** Of the properties: an update runs when they have changed. */
  readonly propertiesHash: string;
}

/** A provider refused or failed: the deployment would roll back. */
export class CustomResourceError extends Error {
  constructor(resource: DeployedResource, reason: string) {
    super(`custom resource ${resource.logicalId} of stack ${resource.stack} failed: ${reason}`);
    this.name = 'CustomResourceError';
  }
}

export interface CustomResourceOptions {
  readonly deployment: Deployment;
  /** By function ARN, as in `ServiceToken`. Throws when there is none. */
  requirePool(arn: string): FunctionPool;
  readonly before: Readonly<Record<string, CompletedResource>>;
  /** Awaited after each: what it wrote has to be everywhere before another region goes on. */
  settle?(): Promise<void>;
}

const ResponseSchema = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  PhysicalResourceId: z.string().min(1).optional(),
  RequestId: z.string(),
  Data: z.record(z.string(), z.unknown()).optional(),
});
type Response = z.infer<typeof ResponseSchema>;

/** CloudFormation waits an hour; nothing here may take that long. */
const TIMEOUT_MS = 60_000;

/** Runs the custom resources as CloudFormation does; answers with all that stand completed. */
export async function runCustomResources(
  options: CustomResourceOptions,
): Promise<Record<string, CompletedResource>> {
  const completed: Record<string, CompletedResource> = {};
  const inbox = await openResponseInbox();
  try {
    for (const resource of options.deployment.pendingCustomResources()) {
      const key = `${resource.region}/${resource.stack}/${resource.logicalId}`;
      const done = await runOne(resource, options.before[key], options, inbox);
      options.deployment.complete(resource, done.physicalId, done.data);
      completed[key] = done;
      await options.settle?.();
    }
  } finally {
    await inbox.close();
  }
  return completed;
}

async function runOne(
  resource: DeployedResource,
  before: CompletedResource | undefined,
  { requirePool }: CustomResourceOptions,
  inbox: ResponseInbox,
): Promise<CompletedResource> {
  const properties = stringify(resource.properties);
  const propertiesHash = createHash('sha256').update(JSON.stringify(properties)).digest('hex');
  if (before?.propertiesHash === propertiesHash) return before;

  const requestId = randomUUID();
  const event = {
    RequestType: before === undefined ? 'Create' : 'Update',
    ServiceToken: String(resource.properties['ServiceToken']),
    ResponseURL: `${inbox.url}/${requestId}`,
    StackId: `arn:aws:cloudformation:${resource.region}:stack/${resource.stack}`,
    RequestId: requestId,
    LogicalResourceId: resource.logicalId,
    ResourceType: resource.type,
    ResourceProperties: properties,
    ...(before !== undefined && { PhysicalResourceId: before.physicalId }),
  };
  const answered = inbox.await(requestId);
  const invocation = await requirePool(event.ServiceToken).invoke(JSON.stringify(event));
  if (invocation.functionError !== undefined) {
    throw new CustomResourceError(resource, invocation.payload);
  }
  const response = await answered;
  if (response === undefined) throw new CustomResourceError(resource, 'it never answered');
  if (response.Status === 'FAILED') {
    throw new CustomResourceError(resource, response.Reason ?? 'no reason given');
  }
  const data = Object.entries(response.Data ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    physicalId: response.PhysicalResourceId ?? before?.physicalId ?? requestId,
    data: Object.fromEntries(data),
    propertiesHash,
  };
}

/** CloudFormation hands scalars over as text. */
function stringify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringify);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, stringify(item)]));
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** Stands in for the presigned S3 URL that a provider PUTs its answer to. */
interface ResponseInbox {
  readonly url: string;
  /** Undefined when nothing came in time. */
  await(requestId: string): Promise<Response | undefined>;
  close(): Promise<void>;
}

async function openResponseInbox(): Promise<ResponseInbox> {
  const waiting = new Map<string, (response: Response) => void>();
  const server = createServer((request, answer) => {
    void readBody(request).then((body) => {
      const parsed = ResponseSchema.safeParse(parseJson(body));
      if (parsed.success) waiting.get(request.url?.slice(1) ?? '')?.(parsed.data);
      answer.writeHead(parsed.success ? 200 : 400).end();
    });
  });
  const port = await listenOnLoopback(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    await: (requestId) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
        timer.unref();
        waiting.set(requestId, (response) => {
          clearTimeout(timer);
          resolve(response);
        });
      }),
    close: () => closeServer(server),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
