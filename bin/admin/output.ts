type Answer = Readonly<Record<string, unknown>>;

/** Members by line, in two columns; what is empty is left out. */
export function renderClient(client: Answer): string {
  const rows = Object.entries(client)
    .map(([name, value]): [string, string] => [name, renderValue(name, value)])
    .filter(([, value]) => value !== '');
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => {
    const indented = value.replaceAll('\n', `\n${' '.repeat(width + 2)}`);
    return `${name.padEnd(width)}  ${indented}`;
  });
  if (client['client_secret'] !== undefined) {
    lines.push('', 'The secret is shown this once. Keep it safe.');
  }
  return lines.join('\n');
}

/** One client per line. */
export function renderClients(clients: ReadonlyArray<Answer>): string {
  if (clients.length === 0) return 'There are no clients yet: client create registers one.';
  const rows = clients.map((client) => [
    String(client['client_id']),
    String(client['client_name']),
    [client['grant_types']].flat().join(' '),
    String(client['token_endpoint_auth_method']),
  ]);
  return renderTable(['CLIENT ID', 'NAME', 'GRANT TYPES', 'AUTHENTICATION'], rows);
}

export function renderTable(
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A NumericDate in UTC. */
export function renderTime(value: unknown): string {
  return typeof value === 'number' ? new Date(value * 1000).toISOString() : '';
}

/** NumericDates end in `_at`; 0 says never (RFC 7591 §3.2.1). */
function renderValue(name: string, value: unknown): string {
  if (name.endsWith('_at') && typeof value === 'number') {
    return value === 0 ? 'never' : renderTime(value);
  }
  if (name === 'domicile_logo' && typeof value === 'string') {
    return `${value.slice(0, value.indexOf(','))} (${value.length} characters)`;
  }
  if (name === 'domicile_secrets' && Array.isArray(value))
    return value.map(renderSecret).join('\n');
  if (Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function renderSecret(secret: Answer): string {
  const { created_at: createdAt, expires_at: expiresAt } = secret;
  const end = expiresAt === undefined ? '' : `, ends ${renderValue('ends_at', expiresAt)}`;
  return `made ${renderValue('made_at', createdAt)}${end}`;
}
