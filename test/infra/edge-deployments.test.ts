/** The edge, or its absence, in deployments of every size; `edge.test.ts` has what three cells make of it. */
import { describe, expect, it } from 'vitest';
import {
  DOMAIN,
  EDGES,
  environmentsOf,
  singleCell,
  synthesizeApp,
  threeCells,
} from './synthesized.ts';

describe('without a domain', () => {
  it.each([
    ['one cell', singleCell],
    ['three cells', threeCells],
  ])(
    '%s has nothing of the edge, and no secret of ours to compare',
    (_, { stacks, templateOf }) => {
      for (const { id } of stacks) {
        // Several cells take the secret of somebody else's front, as a parameter that is never shown.
        const text = JSON.stringify(templateOf(id)).replaceAll(
          '"EDGE_SECRET":{"Ref":"FrontSecret"}',
          '',
        );
        expect(text).not.toMatch(
          /AWS::(CloudFront|WAFv2|Route53|CertificateManager|SecretsManager)/,
        );
        expect(text).not.toMatch(
          /AWS::ApiGatewayV2::DomainName|EDGE_SECRET|resolve:secretsmanager/,
        );
        expect(text).not.toContain('DisableExecuteApiEndpoint');
      }
    },
  );
});

it('a single cell is the issuer whatever its health', async () => {
  const alone = await synthesizeApp(EDGES.first);
  expect(alone.resourcesOf('EdgeOrigin-eu', 'AWS::Route53::HealthCheck')).toEqual([]);
  expect(environmentsOf(alone, 'eu')[0]).toMatchObject({
    ISSUER: 'https://id.example.com',
    CELL_URLS: 'eu=https://eu.id.example.com',
  });
});

it('Lambda’s 4 kB of environment are enough for the longest deployment', async () => {
  const regions = 'eu-central-1 us-east-1 ap-southeast-2 ca-central-1 sa-east-1 af-south-1'.split(
    ' ',
  );
  const cells = regions.map((region, index) => ({ name: `region${index}`, region }));
  const domain = `${'customers.'.repeat(5)}example.com`;
  const long = await synthesizeApp({ ...DOMAIN, cells, domain, edgeSecretGeneration: 2 });
  const parameters = long.templateOf('Identity-region0').Parameters ?? {};
  for (const variables of environmentsOf(long, 'region0')) {
    const size = Object.entries(variables)
      .map(([name, value]) => name.length + sizeOf(value, parameters))
      .reduce((sum, one) => sum + one, 0);
    expect(size).toBeLessThan(4096);
  }
});

/** In bytes, with the longest value that a parameter takes. */
function sizeOf(
  value: unknown,
  parameters: Readonly<Record<string, { readonly MaxLength?: number }>>,
): number {
  if (typeof value === 'string') return value.replaceAll(/\{\{.*?\}\}/g, 'x'.repeat(48)).length;
  const { Ref: name = '' } = value as { Ref?: string };
  return parameters[name]?.MaxLength ?? 16;
}
