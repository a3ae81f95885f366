/** Callers of a cloud in which a statement is missing ask again; those of others never do. */
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { letCallersAskAgain } from './asking-again.ts';

const unchanged = globalThis.fetch;
const servers: Array<Server> = [];
let ours: string;
let other: string;
let aws: string;

beforeEach(async () => {
  [ours, other, aws] = [await serve(), await serve(), await serve()];
});
afterEach(async () => {
  const found = globalThis.fetch;
  // Whatever fails here, later files of this process ask as ever.
  globalThis.fetch = unchanged;
  await Promise.all(servers.splice(0).map(closeServer));
  expect(found).toBe(unchanged);
});

/** Fails once, and never again. */
async function serve(): Promise<string> {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.writeHead(count === 1 ? 503 : 200).end();
  });
  servers.push(server);
  return `http://localhost:${await listenOnLoopback(server, 0)}`;
}

/** Those of the cloud at `ours` and `aws`, in which a statement is missing until it is given back. */
function letAskAgain() {
  let isMissing = true;
  const statement = { id: 'id', kind: 'identity', owner: 'role', isRemovable: true } as const;
  return letCallersAskAgain(
    { issuer: ours, cellUrls: { eu: ours }, cloud: { seed: () => ({ aws: { endpoint: aws } }) } },
    {
      missing: () => (isMissing ? { ...statement, json: {} } : undefined),
      conclude: async () => {
        isMissing = false;
      },
    },
  );
}

const statusOf = async (url: string) => (await fetch(url)).status;

it.each([
  ['who is refused for want of a statement asks once more', () => ours, 200, 1],
  ['AWS, whom links lead to, is asked once more', () => `${aws}/bucket/export`, 200, 1],
  ['another cloud is never asked again', () => other, 503, 0],
] as const)('%s', async (_promise, urlOf, status, refused) => {
  const callers = letAskAgain();
  expect([await statusOf(urlOf()), callers.refused()]).toEqual([status, refused]);
  callers.letGo();
});

it('who is let go takes what there is, although somebody else was let ask again since', async () => {
  const earlier = letAskAgain();
  const later = letAskAgain();
  earlier.letGo();
  expect(await statusOf(ours)).toBe(200);
  expect([earlier.refused(), later.refused()]).toEqual([0, 1]);
  later.letGo();
  // What is left of the one that was over.
  globalThis.fetch = unchanged;
});

it('once all are let go nobody asks again', async () => {
  letAskAgain().letGo();
  expect(await statusOf(ours)).toBe(503);
});
