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
export async function registerClient(
  admin: FunctionPool,
  metadata: Readonly<Record<string, unknown>>,
): Promise<RegisteredClient> {
  const event = { operation: 'client.create', input: metadata };
  const { payload, functionError } = await admin.invoke(JSON.stringify(event));
  if (functionError !== undefined) throw new Error(`the admin function failed: ${payload}`);
  const answer = AdminAnswerSchema.parse(JSON.parse(payload));
  if (answer.ok) return RegisteredClientSchema.parse(answer.result['client'] ?? answer.result);
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

function shopMetadata(url: string) {
  return {
    client_id: 'demo-shop',
    client_name: 'Fernweh Outfitters',
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
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
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
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
