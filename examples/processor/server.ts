/**
 * The processor behind an API destination of EventBridge: a rule of the operator's on the bus
 * `domicile-privacy` posts events here, with the connection's API key.
 *
 *   DOMICILE=https://id.example.com API_KEY=… PROCESSOR_ID=mail-house node examples/processor/server.ts
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { answer, type Store } from './processor.ts';

function requireSetting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`set ${name}`);
  return value;
}

const issuer = requireSetting('DOMICILE');
const apiKey = requireSetting('API_KEY');
const processorId = requireSetting('PROCESSOR_ID');
const store: Store = new Map();

const server = createServer((request, response) => {
  receive(request).then(
    (status) => response.writeHead(status).end(),
    // EventBridge comes again after every 5xx.
    () => response.writeHead(500).end(),
  );
});
server.listen(Number(process.env['PORT'] ?? 4100), '127.0.0.1');

async function receive(request: IncomingMessage): Promise<number> {
  if (!isOurs(request.headers['x-api-key'])) return 401;
  await answer(JSON.parse(await text(request)), { processorId, issuer, store });
  return 204;
}

function isOurs(presented: unknown): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return typeof presented === 'string' && timingSafeEqual(digest(presented), digest(apiKey));
}
