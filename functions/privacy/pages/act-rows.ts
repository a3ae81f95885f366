import type { AuditRecord } from '../../core/audit/audit-record.ts';
import type { ClientId } from '../../core/ids.ts';
import type { PrivacyPolicy } from '../../core/privacy-policy.ts';
import type { ActRow } from '../../pages/privacy-views.ts';

interface Names {
  /** Of apps, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  readonly policy: Pick<PrivacyPolicy, 'processors'>;
}

/**
 * An act in plain words, as its person may know it. Why an operator did something, and from where,
 * is not theirs to know (GDPR Art. 15(4), 23).
 */
export function actRow(act: AuditRecord, { names, policy }: Names): ActRow {
  const { kind, object, from, at } = act;
  const about = kind === 'preferences.changed' ? preferenceOf(object) : undefined;
  const app = appOf(act);
  const name = app === undefined ? serviceOf(act, policy) : names.get(app);
  const by = byWhom(act);
  const inApp = askedIn(act);
  return {
    ...{ kind: 'act', act: kind, at },
    ...(about !== undefined && { about }),
    ...(name !== undefined && { name }),
    ...(by !== undefined && { by }),
    ...(inApp !== undefined && { inApp: names.get(inApp) ?? inApp }),
    // What an app asks for may come from its servers: their network would tell the person nothing.
    ...(from !== undefined && isOwn(act) && inApp === undefined && { network: from }),
  };
}

/** Apps whose names it takes to tell of it. */
export function appsOf(act: AuditRecord): ReadonlyArray<ClientId> {
  return [appOf(act), askedIn(act)].filter((app) => app !== undefined);
}

function isOwn({ actor, sub }: AuditRecord): boolean {
  return actor.type === 'person' && actor.sub === sub;
}

/** The app by which the person did it. */
function askedIn({ actor, sub }: AuditRecord): ClientId | undefined {
  return actor.type === 'person' && actor.sub === sub ? actor.clientId : undefined;
}

function appOf({ kind, object }: AuditRecord): ClientId | undefined {
  const isOfApp = kind.startsWith('grant.') || kind.startsWith('scopes.');
  return isOfApp ? (object as ClientId | undefined) : undefined;
}

/** A processor by its name, else by its id. */
function serviceOf(
  { kind, actor, reason }: AuditRecord,
  { processors }: Names['policy'],
): string | undefined {
  if (!kind.startsWith('processor.')) return undefined;
  const id = actor.type === 'system' && reason === undefined ? afterColon(actor.name) : reason;
  return processors.find((one) => one.id === id)?.name ?? id;
}

function afterColon(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function preferenceOf(object: string | undefined): ActRow['about'] {
  return (['topics', 'birthdate'] as const).find((one) => one === object);
}

function byWhom(act: AuditRecord): ActRow['by'] {
  const { kind, actor } = act;
  switch (actor.type) {
    case 'person':
      return undefined;
    case 'client':
      // An app's access ends by itself, or with all others when an operator asks for an erasure.
      return actor.clientId === appOf(act) ? 'app' : 'staff';
    case 'system':
      // Of services that work for the operator the line itself says who.
      return kind.startsWith('processor.') ? undefined : 'system';
    case 'anonymous':
      return 'stranger';
  }
}
