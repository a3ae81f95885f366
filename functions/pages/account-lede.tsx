import type { PageContext } from './view.ts';
import type { Voice } from './voice.tsx';

/** Whose account is asked for, where people come from an app of another name. */
export function AccountLede({ voice, context }: { voice: Voice; context: PageContext }) {
  const { client, productName } = context;
  if (client === undefined || client.name === productName) return null;
  return <p class="lede">{voice.say('sign-in.account', { product: productName })}</p>;
}
