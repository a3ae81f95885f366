/** Purposes as REST shows them to their person, and the words by which one answers. */
import { type RestPerson, rest } from './rest.ts';

export interface Purpose {
  readonly purposeId: string;
  readonly title: string;
  readonly description: string;
  readonly state: string;
  readonly version: string;
  readonly textHash: string;
  readonly language: string;
  readonly receipt?: string;
  readonly processors: ReadonlyArray<object>;
}

export interface Purposes {
  readonly purposes: ReadonlyArray<Purpose>;
  readonly doNotSell: object;
}

/** Throws where there is none of that id. */
export async function purposeOf(
  cloud: Parameters<typeof rest>[0],
  { token }: Pick<RestPerson, 'token'>,
  purposeId = 'product-news',
): Promise<Purpose> {
  const { status, json } = await rest<Purposes>(cloud, 'GET /v1/me/consents', { token });
  if (status !== 200) throw new Error(`the purposes came with status ${status}`);
  const found = json.purposes.find((one) => one.purposeId === purposeId);
  if (found === undefined) throw new Error(`there is no purpose ${purposeId}`);
  return found;
}

/** What proves which words were shown. */
export function wordsOf({ version, textHash, language }: Purpose) {
  return { version, textHash, language };
}
