import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { ClientId, Sub } from '../../core/ids.ts';
import type { AppAccess, AppAccesses } from '../../core/ports/app-accesses.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { actOf, putAct } from './acts.ts';
import { CONSENT_PREFIX, deleteConsent } from './consents.ts';
import { GRANT_PREFIX, isGrantAlive } from './grant-items.ts';
import type { GrantStore } from './grants.ts';
import { itemsOfPerson } from './person-queries.ts';
import { sendDynamo } from './send.ts';

interface AppAccessesDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly grants: Pick<GrantStore, 'revokeItems'>;
}

export function createAppAccesses(deps: AppAccessesDeps): AppAccesses {
  const { dynamo, dataTable, grants } = deps;

  return {
    async list(sub, now) {
      const [consents, granted] = await Promise.all([
        itemsOfPerson(deps, sub, CONSENT_PREFIX),
        itemsOfPerson(deps, sub, GRANT_PREFIX),
      ]);
      return joinAccesses(
        consents,
        granted.filter((item) => isGrantAlive(item, now)),
      );
    },

    async remove(sub, clientId, acting) {
      const { put, remove } = forget(dataTable, { sub, clientId, acting });
      await sendDynamo(dynamo, new TransactWriteItemsCommand({ TransactItems: [remove, put] }));
      const items = await itemsOfPerson(deps, sub, GRANT_PREFIX);
      await grants.revokeItems(
        items.filter((item) => item['clientId']?.S === clientId),
        acting,
      );
    },
  };
}

function forget(
  dataTable: string,
  { sub, clientId, acting }: { sub: Sub; clientId: ClientId; acting: Acting },
) {
  const act = actOf(acting, { kind: 'scopes.withdrawn', sub, object: clientId });
  return {
    put: putAct(dataTable, { ...act, sub }),
    remove: deleteConsent(dataTable, sub, clientId),
  };
}

function joinAccesses(
  consents: ReadonlyArray<Item>,
  grants: ReadonlyArray<Item>,
): ReadonlyArray<AppAccess> {
  const allowed = new Map(
    consents.map((item) => [(item['sk']?.S ?? '').slice(CONSENT_PREFIX.length), item]),
  );
  const ids = new Set([...allowed.keys(), ...grants.map((item) => item['clientId']?.S ?? '')]);
  return [...ids].toSorted().map((clientId) => {
    const consent = allowed.get(clientId);
    const own = grants.filter((item) => item['clientId']?.S === clientId);
    const scopes = [consent, ...own].flatMap((item) => (item?.['scope']?.S ?? '').split(' '));
    return {
      clientId: clientId as ClientId,
      scopes: [...new Set(scopes)].filter((scope) => scope !== ''),
      ...(consent !== undefined && {
        allowedAt: Number(consent['grantedAt']?.N ?? 0) as EpochSeconds,
      }),
      isOpen: own.length > 0,
    };
  });
}
