import type { Cloud } from '../cloud.ts';

/** The table that stands above `ready`: where everything is, and how to get in. */
export function describeCloud(cloud: Cloud): string {
  const { issuer, cells, clients, aws } = { ...cloud, ...cloud.seed() };
  const rows: ReadonlyArray<Row> = [
    ['Where', undefined],
    ['issuer', issuer],
    ...cells.map(({ name, region, url }): Row => [`cell ${name}`, `${url}  (${region})`]),
    ...cloud.demos.apps.map(({ role, url }): Row => [role, url]),
    ['account', `${issuer}/account`],
    ['discovery', `${issuer}/.well-known/openid-configuration`],
    ['console', `${issuer}/_local`],
    ['AWS endpoint', aws.endpoint],
    ['Clients', undefined],
    ...clients.map(({ client }): Row => [client.client_id, describeSecret(client.client_secret)]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .map(([name, value]) => (value === undefined ? `\n${name}` : `  ${name.padEnd(width)}${value}`))
    .join('\n');
}

/** A row without value is a heading. */
type Row = readonly [name: string, value: string | undefined];

function describeSecret(secret: string | undefined): string {
  return secret === undefined ? 'public client, PKCE' : `secret ${secret}`;
}
