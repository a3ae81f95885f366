/** Whoever searches everything again and again opens keyrings once, but none too late. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CELL_KEYRING_KEY } from '../../functions/adapters/crypto/keyring-loader.ts';
import { OPERATOR } from '../../local/infrastructure.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { keepKeyrings } from '../harness/kept-keyrings.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

test('the keyring that rests in the table now is the one that is opened', async () => {
  const look = keepKeyrings(cloud);
  const first = (await look())('eu');
  expect((await look())('eu')).toBe(first);

  await cloud.cloud.infrastructure.regions.get(cloud.region)?.dynamodb.handle({
    ...{ service: 'dynamodb', region: cloud.region, operation: 'UpdateItem', headers: {} },
    principal: OPERATOR,
    input: {
      TableName: 'domicile-data-eu',
      Key: CELL_KEYRING_KEY,
      UpdateExpression: 'SET changed = :yes',
      ExpressionAttributeValues: { ':yes': { BOOL: true } },
    },
  });
  const later = (await look())('eu');
  expect(later).not.toBe(first);
  await Promise.all([first, later]);
});
