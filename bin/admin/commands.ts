/** One option as `--help` tells it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** Placeholder of its value. */
  readonly value?: string;
  readonly help: string;
}

export interface Command {
  readonly summary: string;
  /** What stands behind the command and must be there. */
  readonly argument?: 'CLIENT_ID' | 'HOUR';
  readonly options: Readonly<Record<string, Option>>;
  readonly example: string;
}

/** Of every command: whom it asks, and how it answers. */
export const CONNECTION: Readonly<Record<string, Option>> = {
  function: { type: 'string', value: 'NAME', help: 'deployed function (default domicile-admin)' },
  region: { type: 'string', value: 'REGION', help: "AWS region (default: the SDK's own chain)" },
  profile: { type: 'string', value: 'NAME', help: 'profile of ~/.aws/config' },
  local: {
    type: 'string',
    value: '[URL]',
    help: 'a running local cloud (default http://localhost:4000)',
  },
  json: { type: 'boolean', help: 'answer in JSON' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
};

const METADATA: Readonly<Record<string, Option>> = {
  name: { type: 'string', value: 'TEXT', help: 'shown on pages' },
  'redirect-uri': { type: 'string', multiple: true, value: 'URI', help: 'exact; may be repeated' },
  'post-logout-redirect-uri': {
    type: 'string',
    multiple: true,
    value: 'URI',
    help: 'exact; may be repeated',
  },
  'grant-type': {
    type: 'string',
    multiple: true,
    value: 'TYPE',
    help: 'authorization_code (default), refresh_token, client_credentials; may be repeated',
  },
  'auth-method': {
    type: 'string',
    value: 'METHOD',
    help: 'client_secret_basic (default), client_secret_post, private_key_jwt, none',
  },
  jwks: { type: 'string', value: 'FILE', help: 'JSON Web Key Set for private_key_jwt' },
  scope: { type: 'string', value: 'SCOPES', help: 'space-separated' },
  audience: { type: 'string', multiple: true, value: 'URI', help: 'API; may be repeated' },
  'id-token-alg': { type: 'string', value: 'ALG', help: 'RS256 (default) or ES256' },
  'access-token-alg': { type: 'string', value: 'ALG', help: 'ES256 (default) or RS256' },
  'require-pkce': {
    type: 'boolean',
    help: '--no-require-pkce for confidential legacy clients that cannot send it',
  },
  'first-party': { type: 'boolean', help: '--no-first-party asks people for their consent' },
  logo: { type: 'string', value: 'FILE', help: 'PNG, SVG or WebP of at most 9 kB' },
  color: { type: 'string', value: '#RRGGBB', help: 'of buttons and links' },
  'allowed-cell': {
    type: 'string',
    multiple: true,
    value: 'CELL',
    help: 'takes only people at home there; may be repeated (default: all)',
  },
  'client-uri': { type: 'string', value: 'URL', help: 'home page' },
  'policy-uri': { type: 'string', value: 'URL', help: 'privacy policy' },
  'tos-uri': { type: 'string', value: 'URL', help: 'terms of service' },
};

export const CLIENT_COMMANDS: Readonly<Record<string, Command>> = {
  create: {
    summary: 'register a client; its secret is shown once',
    options: {
      'client-id': { type: 'string', value: 'ID', help: 'default: random' },
      ...METADATA,
      ...CONNECTION,
    },
    example: 'client create --name Shop --redirect-uri https://shop.example/callback',
  },
  list: {
    summary: 'list all clients',
    options: CONNECTION,
    example: 'client list',
  },
  show: {
    summary: 'show one client',
    argument: 'CLIENT_ID',
    options: CONNECTION,
    example: 'client show shop',
  },
  update: {
    summary: 'change what is given, keep the rest',
    argument: 'CLIENT_ID',
    options: {
      ...METADATA,
      unset: {
        type: 'string',
        multiple: true,
        value: 'MEMBER',
        help: 'back to its default: logo, color, audience…; may be repeated',
      },
      ...CONNECTION,
    },
    example: "client update shop --color '#0f766e'",
  },
  'rotate-secret': {
    summary: 'make a new secret; the old one works for a while',
    argument: 'CLIENT_ID',
    options: {
      'overlap-seconds': { type: 'string', value: 'N', help: 'default 86400 (a day)' },
      ...CONNECTION,
    },
    example: 'client rotate-secret shop --overlap-seconds 3600',
  },
  delete: {
    summary: 'delete a client; its id cannot be used again',
    argument: 'CLIENT_ID',
    options: { yes: { type: 'boolean', help: 'do not ask' }, ...CONNECTION },
    example: 'client delete shop',
  },
};
