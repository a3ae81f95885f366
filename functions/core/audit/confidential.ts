import type { AuditRecord } from './audit-record.ts';

/**
 * What its person does not learn from their history or an export: that a legal hold was placed, read or
 * released may tip off whom an investigation is about (GDPR Art. 23).
 */
export function isConfidential({ kind }: Pick<AuditRecord, 'kind'>): boolean {
  return kind.startsWith('hold.');
}
