import { EXPORT_SCHEMA } from '../core/exports/export-schema.ts';
import type { Endpoint } from '../http/message.ts';
import { publishedDocument } from '../http/published-document.ts';

/** `GET /v1/privacy/export-schema.json`: what every `export.json` names as its `$schema`. */
export const publishExportSchema: Endpoint = async (http) =>
  publishedDocument(http, EXPORT_SCHEMA, { contentType: 'application/schema+json' });
