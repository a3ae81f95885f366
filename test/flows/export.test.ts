/** A person's own data, from the request to the end of the files: GDPR Art. 15 and 20. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { signIn } from '../harness/journeys.ts';
import { type ExportView, executionOf, exportData, filesOf, keysOf, linkTo } from './exports.ts';
import { type RestPerson, rest, signedInWithToken } from './rest.ts';

const DAY = 86_400;

let cloud: TestCloud;
let ada: RestPerson;
let asked: ExportView;

beforeAll(async () => {
  cloud = await startTestCloud();
  ada = await signedInWithToken(cloud);
  asked = await exportData(cloud, ada);
});
afterAll(() => cloud?.close());

test('two files are made, and nothing of the way there is left', async () => {
  expect(executionOf(cloud, asked.requestId).status).toBe('RUNNING');
  expect(await keysOf(cloud, asked.requestId)).toEqual(['export.html', 'export.json']);
});

test('the file for machines holds everything, and nothing that lets anybody in', async () => {
  const { json } = await filesOf(cloud, asked.requestId);
  expect(json).toMatchObject({
    profile: { sub: ada.sub, attributes: { email: ada.person.email } },
  });
});
