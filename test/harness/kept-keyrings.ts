/** Keyrings that are opened once for as long as the same ones rest in the tables. */
import {
  CELL_KEYRING_KEY,
  SHARED_KEYRING_KEY,
} from '../../functions/adapters/crypto/keyring-loader.ts';
import { OPERATOR } from '../../local/infrastructure.ts';
import type { TestCloud } from './cloud.ts';
import { type KeyringsOfCells, keyringsOf } from './markers-keys.ts';

/** For whoever asks again and again: a keyring that was replaced is opened at the next look. */
export function keepKeyrings(cloud: TestCloud): () => Promise<KeyringsOfCells> {
  const kept = new Map<string, ReturnType<KeyringsOfCells>>();
  return async () => {
    const cells = Object.keys(cloud.regions);
    const current = new Map(
      await Promise.all(
        cells.map(async (cell) => {
          const resting = await restingIn(cloud, cell);
          const keyrings = kept.get(resting) ?? keyringsOf(cloud, cell);
          kept.set(resting, keyrings);
          return [cell, keyrings] as const;
        }),
      ),
    );
    return (cell) => current.get(cell) ?? keyringsOf(cloud, cell);
  };
}

/** As they lie in the cell's tables, sealed. */
async function restingIn(cloud: TestCloud, cell: string): Promise<string> {
  const region = cloud.regions[cell] ?? '';
  const dynamodb = cloud.cloud.infrastructure.regions.get(region)?.dynamodb;
  const read = async (TableName: string, Key: object) => {
    const input = { TableName, Key };
    const principal = OPERATOR;
    const asked = { service: 'dynamodb', region, operation: 'GetItem', principal, headers: {} };
    const answer = await dynamodb?.handle({ ...asked, input });
    if (answer?.status !== 200) throw new Error(`${cell} does not tell of its keyrings`);
    return answer.body;
  };
  const items = await Promise.all([
    read('domicile-directory', SHARED_KEYRING_KEY),
    read(`domicile-data-${cell}`, CELL_KEYRING_KEY),
  ]);
  return `${cell} ${items.join()}`;
}
