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
    readonly requestHandler: { handle(request: ClientRequest): Promise<{ response: object }> };
  };
  close(): Promise<void>;
}

/** What an SDK client gives to its request handler, as far as it is read here. */
interface ClientRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * One emulated service behind unmodified SDK clients. What they would send is answered in place:
 * the sockets of a loopback connection cost more than most of what is served here.
 */
export async function serve(service: AwsService): Promise<ServiceEndpoint> {
  let isOpen = true;
  const handle = async ({ headers, body = '' }: ClientRequest) => {
    if (!isOpen) throw new Error('the service was closed');
    const sent =
      typeof body === 'string'
        ? body
        : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
    const answer = await respond(service, headers, sent);
    const response = {
      statusCode: answer.status,
      headers: answer.headers,
      body: Buffer.from(answer.body),
    };
    return { response };
  };
  return {
    client: {
      endpoint: 'http://127.0.0.1',
      region: REGION,
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
      requestHandler: { handle },
    },
    async close() {
      isOpen = false;
    },
  };
}

async function respond(
  service: AwsService,
  headers: ClientRequest['headers'],
  body: string,
): Promise<AwsResponse> {
  const target = headers['x-amz-target'] ?? '';
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
