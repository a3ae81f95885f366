// How functions are bundled. The bench builds what it compares them with in the same way.

/** Bundled CommonJS code may call `require` for Node's own modules; ES modules have none. */
export const REQUIRE_BANNER =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Ways to find credentials outside Lambda, a quarter of a bundle. The SDK imports them only when
 * the environment holds no credentials, and Lambda's always does.
 */
export const UNUSED_CREDENTIAL_PROVIDERS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
] as const;
