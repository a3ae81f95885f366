import { expect, it } from 'vitest';
import { CLIENT_CLASSES } from '../../bench/bundles.ts';
import manifest from '../../package.json' with { type: 'json' };

const CLIENTS = Object.keys(manifest.dependencies).filter((name) =>
  name.startsWith('@aws-sdk/client-'),
);

it.each(CLIENTS)('the bench can construct the client of %s', async (name) => {
  const exported: Record<string, unknown> = await import(name);
  const client = CLIENT_CLASSES[name.replace('@aws-sdk/client-', '')] ?? '';
  expect(exported[client]).toBeTypeOf('function');
});
