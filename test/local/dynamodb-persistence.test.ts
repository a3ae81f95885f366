import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDynamoDbService } from '../../local/dynamodb/service.ts';
import { dataTable, key, movableClock, NAMES, requestOf } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';

test('a restart on the same directory keeps the items', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-dynamodb-'));
  const start = () =>
    createDynamoDbService({
      region: REGION,
      account: ACCOUNT,
      tables: [dataTable],
      clock: movableClock(),
      engine: 'dynalite',
      dataDirectory,
    });
  const first = await start();
  await first.handle(requestOf('PutItem', { TableName: NAMES.data, Item: key('KEPT') }));
  await first.close();
  const second = await start();
  expect(await second.items(NAMES.data)).toEqual([{ pk: 'KEPT', sk: 'ITEM' }]);
  await second.reset();
  expect(await second.items(NAMES.data)).toEqual([]);
  await second.close();
  await rm(dataDirectory, { recursive: true });
});
