import * as z from 'zod';
import type { ExecutionView } from '../../local/states/answers.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { type RestPerson, rest } from './rest.ts';

/** What REST says of an export. */
export interface ExportView {
  readonly requestId: string;
  readonly state: string;
  readonly stage?: string;
  readonly waitingFor?: { readonly processors: ReadonlyArray<string>; readonly until: string };
  readonly page?: string;
  readonly expiresAt?: string;
  readonly records?: Readonly<Record<string, number>>;
  readonly files?: ReadonlyArray<{ readonly name: string; readonly bytes: number }>;
}

/** Both files as they lie in the bucket. */
export interface ExportedFiles {
  readonly json: Readonly<Record<string, unknown>>;
  readonly html: string;
}

/** Asks for an export and lets its workflow run to the files, or to where it fails. */
export async function exportData(
  cloud: TestCloud,
  { token }: RestPerson,
  body: object = {},
): Promise<ExportView> {
  const { status, json } = await rest<ExportView>(cloud, 'POST /v1/me/export', { token, body });
  if (status !== 202) throw new Error(`no export was begun: ${status}`);
  await cloud.advance(3);
  await answerAll(cloud, json.requestId);
  return json;
}

/** What every processor of the default policy returns of everybody. */
export const ANSWER = { campaigns: ['spring', 'autumn'], note: '<b>bold</b>' };

/** As those processors do that are asked what they hold; lets the workflow go on. */
export async function answerAll(cloud: TestCloud, requestId: string): Promise<void> {
  for (const word of acknowledgementsOf(cloud, requestId)) await answer(cloud, word);
  await cloud.advance(1);
}

export async function answer(cloud: TestCloud, acknowledgement: string): Promise<void> {
  const body = { acknowledgement, data: ANSWER };
  const { status } = await rest(cloud, 'POST /v1/privacy/acknowledgements', { body });
  if (status !== 200) throw new Error(`the acknowledgement was refused: ${status}`);
}

const Detail = z.object({ requestId: z.string(), acknowledgement: z.string() });

/** The words that were sent to processors for a request. */
export function acknowledgementsOf(cloud: TestCloud, requestId: string): ReadonlyArray<string> {
  return cloud
    .events()
    .filter(({ detailType }) => detailType === 'ExportRequested')
    .map(({ detail }) => Detail.parse(detail))
    .filter((detail) => detail.requestId === requestId)
    .map(({ acknowledgement }) => acknowledgement);
}

export function executionOf(cloud: TestCloud, requestId: string): ExecutionView {
  const found = cloud.executions('domicile-export').find(({ name }) => name === requestId);
  if (found === undefined) throw new Error('no workflow was started');
  return found;
}

/** Keys of what lies in the bucket for a request. */
export async function keysOf(cloud: TestCloud, requestId: string): Promise<ReadonlyArray<string>> {
  const objects = await cloud.objects('exports');
  const prefix = `exports/${requestId}/`;
  return objects
    .map(({ key }) => key)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .toSorted();
}

export async function exportedFiles(cloud: TestCloud, requestId: string): Promise<ExportedFiles> {
  const objects = await cloud.objects('exports');
  const textOf = (name: string) => {
    const found = objects.find(({ key }) => key === `exports/${requestId}/${name}`);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found.bytes?.toString('utf8') ?? '';
  };
  return { json: JSON.parse(textOf('export.json')), html: textOf('export.html') };
}

/** Of the mail that said where the files are. */
export function linkTo(cloud: TestCloud, email: string): string {
  const [link] = cloud.requireMail(email).links;
  if (link === undefined) throw new Error('the mail has no link');
  return link;
}
