/** What people decide of their own data, as they, their apps and operators go about it. */
import { createAgent } from '../harness/agent.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { signIn } from '../harness/journeys.ts';
import type { Journey } from './every-journey.ts';
import { answerAll, executionOf, exportData, linkTo } from './exports.ts';
import { requireAt, requireStatus } from './insisting.ts';
import {
  askParent,
  choose,
  chooseByOperator,
  chooseBySelf,
  renewWords,
} from './journeys-of-choices.ts';
import { JOURNEYS_OF_ERASURE } from './journeys-of-erasure.ts';
import { JOURNEYS_OF_PRIVACY_PAGES } from './journeys-of-privacy-pages.ts';
import { machineToken, rest, signedInWithToken } from './rest.ts';
import { homeOf } from './seen-by.ts';

const DAY = 86_400;

/**
 * Apart from the other journeys, since they move the clock by weeks. All that they know of tables and
 * workflows is what somebody is told over HTTP or by mail, so that they are the same in every cell.
 */
export const JOURNEYS_OF_PRIVACY: ReadonlyArray<Journey> = [
  { name: 'purposes agreed to and withdrawn', run: chooseBySelf },
  { name: 'purposes agreed to by telephone', run: chooseByOperator },
  { name: 'words that have changed, and are asked about again', run: renewWords },
  { name: 'a child whose parent is asked', run: askParent },
  { name: 'an export, to the download and to its end', run: exportToTheEnd },
  { name: 'an export that an administrator asks for', run: exportOnBehalf },
  ...JOURNEYS_OF_ERASURE,
  ...JOURNEYS_OF_PRIVACY_PAGES,
];

async function exportToTheEnd(cloud: TestCloud): Promise<void> {
  const person = await signedInWithToken(cloud);
  await choose(cloud, person, { purposeId: 'product-news', state: 'granted' });
  await cloud.deliverStreams();
  const { requestId } = await exportData(cloud, person, { withCredentials: true });
  const { token } = person;
  requireStatus(await rest(cloud, 'GET /v1/me/export', { token }), 200, 'how far it is');
  requireExport(cloud, requestId, 'WaitExpiry');
  const schema = await rest(cloud, 'GET /v1/privacy/export-schema.json');
  requireStatus(schema, 200, 'the schema');
  const link = linkTo(cloud, person.person.email);
  const agent = createAgent(cloud);
  const page = await signIn(agent, await agent.get(link), person.person);
  requireAt(page, new URL(link).pathname);
  for (const name of ['export.json', 'export.html']) {
    const { leadsTo } = await agent.get(`${page.url}/${name}`, { follow: false });
    if (leadsTo === undefined) throw new Error(`${name} cannot be downloaded`);
    requireStatus(await fetch(leadsTo), 200, name);
  }
  await cloud.advance(7 * DAY);
  if (executionOf(cloud, requestId).status !== 'SUCCEEDED') throw new Error('it has not ended');
}

function requireExport(cloud: TestCloud, requestId: string, state: string): void {
  const found = executionOf(cloud, requestId).states.at(-1)?.name;
  if (found !== state) throw new Error(`the export stands at ${found} instead of ${state}`);
}

async function exportOnBehalf(cloud: TestCloud): Promise<void> {
  const { sub, person } = await signedInWithToken(cloud);
  const token = await machineToken(cloud, 'admin');
  const origin = cloud.cellUrls[homeOf(cloud)] ?? cloud.issuer;
  const address = { email: person.email, reason: 'a letter' };
  const found = await rest(cloud, 'POST /v1/admin/privacy/people', { token, body: address });
  requireStatus(found, 200, 'a look-up');
  const body = { kind: 'export', sub, reason: 'a letter' };
  const route = 'POST /v1/admin/privacy/requests';
  const asked = await rest<{ requestId: string }>(cloud, route, { token, body });
  requireStatus(asked, 202, 'an export on behalf');
  const { requestId } = asked.json;
  await cloud.advance(3);
  await answerAll(cloud, requestId);
  requireExport(cloud, requestId, 'WaitExpiry');
  const reason = { reason: 'a letter' };
  const files = await rest<{ files: ReadonlyArray<{ url: string }> }>(
    cloud,
    `POST /v1/admin/privacy/requests/${requestId}/files`,
    { token, body: reason, origin },
  );
  requireStatus(files, 200, 'files');
  for (const { url } of files.json.files) requireStatus(await fetch(url), 200, 'a file');
}
