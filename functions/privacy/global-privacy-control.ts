import type { Endpoint } from '../http/message.ts';
import { publishedDocument } from '../http/published-document.ts';

/** When what we do on the signal changed last (Global Privacy Control, "GPC Support Resource"). */
const SUPPORT = { gpc: true, lastUpdate: '2026-11-22' } as const;

/** `GET /.well-known/gpc.json`: tells browsers and auditors that the signal is honoured. */
export const publishGpcSupport: Endpoint = async (http) => publishedDocument(http, SUPPORT);
