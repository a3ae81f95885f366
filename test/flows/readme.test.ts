import { readFileSync } from 'node:fs';
import * as openidClient from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, newPerson, signIn } from '../harness/journeys.ts';

const REDIRECT_URI = 'https://shop.example.com/callback';
/** Where the README's lines send the browser away and go on in the callback. */
const BROWSER = /^\/\/ send the browser.*$/m;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

function readConnectLines(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, block = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  return block
    .replace(/^import .*$/m, '')
    .replace(BROWSER, 'const callbackUrl = await visit(url);');
}

/** The library as it is, but for the one option that plain http on this machine needs. */
const client = {
  ...openidClient,
  discovery: (issuer: URL, id: string, metadata: undefined, method: openidClient.ClientAuth) =>
    openidClient.discovery(issuer, id, metadata, method, {
      execute: [openidClient.allowInsecureRequests],
    }),
};

it('connects an app by the lines of the README, as they stand there', async () => {
  const person = newPerson();
  await createAccount(cloud, createAgent(cloud.issuer), person);
  const registered = await cloud.registerClient({
    client_name: 'My shop',
    redirect_uris: [REDIRECT_URI],
  });
  const visit = async (url: URL): Promise<URL | undefined> => {
    const agent = createAgent(cloud.issuer);
    return (await signIn(agent, await agent.get(url.href), person)).leadsTo;
  };
  const said: Array<unknown> = [];
  const run = new Function(
    ...['client', 'ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'visit', 'console'],
    `return (async () => {${readConnectLines()}})();`,
  );
  const { client_id: id, client_secret: secret } = registered;
  await run(client, cloud.issuer, id, secret, visit, { log: (text: unknown) => said.push(text) });
  expect(said).toEqual([person.email]);
});
