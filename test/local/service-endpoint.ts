import { createServer, type IncomingMessage } from 'node:http';
import { isObject } from '../../local/dynamodb/json-object.ts';
import { renderXmlError } from '../../local/ses/xml.ts';
import { AwsError, type AwsResponse, type AwsService } from '../../local/types.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '111122223333';

export interface ServiceEndpoint {
  /** Settings for any SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

/** The least HTTP around one emulated service that an unmodified SDK client can talk to. */
export async function serve(service: AwsService): Promise<ServiceEndpoint> {
  const server = createServer(async (request, response) => {
    const answer = await respond(service, request, await readBody(request));
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    client: {
      endpoint: `http://127.0.0.1:${address.port}`,
      region: REGION,
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function respond(
  service: AwsService,
  request: IncomingMessage,
  body: string,
): Promise<AwsResponse> {
  const target = String(request.headers['x-amz-target'] ?? '');
  const form = new URLSearchParams(body);
  const json: unknown = target === '' ? {} : JSON.parse(body);
  const input = target === '' ? Object.fromEntries(form) : json;
  try {
    return await service.handle({
      service: 'test',
      region: REGION,
      operation: target === '' ? (form.get('Action') ?? '') : target.slice(target.indexOf('.') + 1),
      principal: { roleArn: `arn:aws:iam::${ACCOUNT}:role/test`, name: 'test' },
      headers: {},
      input: isObject(input) ? input : {},
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (target === '') return renderXmlError(error, 'request-1');
    const content = { __type: error.code, message: error.message, ...error.extra };
    return { status: error.status, headers: {}, body: JSON.stringify(content) };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Array<Buffer> = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
