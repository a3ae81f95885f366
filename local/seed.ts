import { z } from 'zod';
import type { FunctionPool } from './lambda/function-pool.ts';

/** A client that stands in a fresh local cloud, as the `admin` function answered (RFC 7591). */
export interface SeededClient {
  readonly role: 'demo-shop' | 'demo-club' | 'administrator';
  /** Where its app runs, for those that have one. */
  readonly appUrl?: string;
  readonly client: RegisteredClient;
}

/** Client information of RFC 7591 §3.2.1. */
export type RegisteredClient = z.infer<typeof RegisteredClientSchema>;
const RegisteredClientSchema = z.looseObject({
  client_id: z.string(),
  client_secret: z.string().optional(),
});

const AdminAnswerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.looseObject({}) }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), description: z.string() }),
  }),
]);

/** The admin function refused: RFC 7591 §3.2.2 names the codes. */
export class RegistrationRefusedError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.name = 'RegistrationRefusedError';
    this.code = code;
  }
}

/** Registers through the deployed `admin` function, as `npm run admin` does. */
export function registerClient(
  admin: FunctionPool,
  metadata: Readonly<Record<string, unknown>>,
): Promise<RegisteredClient> {
  return invokeAdmin(admin, 'client.create', metadata);
}

async function invokeAdmin(
  admin: FunctionPool,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<RegisteredClient> {
  const event = { operation, input };
  const { payload, functionError } = await admin.invoke(JSON.stringify(event));
  if (functionError !== undefined) throw new Error(`the admin function failed: ${payload}`);
  const answer = AdminAnswerSchema.parse(JSON.parse(payload));
  if (answer.ok) return RegisteredClientSchema.parse(answer.result);
  throw new RegistrationRefusedError(answer.error.code, answer.error.description);
}

export interface DemoUrls {
  readonly shop: string;
  readonly club: string;
}

/** What a fresh local cloud starts with: two apps that share a session, and an administrator. */
export async function seedClients(
  admin: FunctionPool,
  { shop, club }: DemoUrls,
): Promise<ReadonlyArray<SeededClient>> {
  return [
    { role: 'demo-shop', appUrl: shop, client: await registerClient(admin, shopMetadata(shop)) },
    { role: 'demo-club', appUrl: club, client: await registerClient(admin, clubMetadata(club)) },
    { role: 'administrator', client: await registerClient(admin, ADMINISTRATOR) },
  ];
}

/** A restart on other ports: the apps' clients have to name their new places. */
export async function moveDemoClients(
  admin: FunctionPool,
  seed: ReadonlyArray<SeededClient>,
  { shop, club }: DemoUrls,
): Promise<ReadonlyArray<SeededClient>> {
  const move = async (seeded: SeededClient, appUrl: string): Promise<SeededClient> => {
    if (seeded.appUrl === appUrl) return seeded;
    const { client_id } = seeded.client;
    const places = placesOf(appUrl);
    await invokeAdmin(admin, 'client.update', { client_id, ...places });
    return { ...seeded, appUrl, client: { ...seeded.client, ...places } };
  };
  const urls = { 'demo-shop': shop, 'demo-club': club };
  return await Promise.all(
    seed.map((seeded) =>
      seeded.role === 'administrator' ? seeded : move(seeded, urls[seeded.role]),
    ),
  );
}

function placesOf(appUrl: string) {
  return {
    redirect_uris: [`${appUrl}/callback`],
    post_logout_redirect_uris: [`${appUrl}/`],
    tos_uri: `${appUrl}/terms`,
  };
}

function shopMetadata(url: string) {
  return {
    client_id: 'demo-shop',
    client_name: 'Fernweh Outfitters',
    ...placesOf(url),
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'openid profile email offline_access',
    domicile_color: '#0f766e',
  };
}

function clubMetadata(url: string) {
  return {
    client_id: 'demo-club',
    client_name: 'Fernweh Club',
    ...placesOf(url),
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    scope: 'openid profile email',
    domicile_color: '#9d3c72',
  };
}

const ADMINISTRATOR = {
  client_id: 'administrator',
  client_name: 'Administrator',
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'admin',
};
