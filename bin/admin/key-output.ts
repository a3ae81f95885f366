import { renderTable, renderTime } from './output.ts';

type Answer = Readonly<Record<string, unknown>>;

/** What is about to happen, in words, by the step of the workflow that does it. */
const NEXT: Readonly<Record<string, string>> = {
  'publish-next': 'the new keys are published',
  activate: 'the new keys sign, the old ones stay published',
  retire: 'the old keys are published no more, and KMS deletes them in 30 days',
  revoke: 'the old keys are disabled in every region, and KMS deletes them in 30 days',
  release: 'the rotation ends',
};

export function renderKeyAnswer(command: string, answer: Answer): string {
  switch (command) {
    case 'list':
      return renderKeys(answer);
    case 'rotate':
      return renderStart(answer);
    default:
      return renderStatus(answer);
  }
}

function renderKeys({ keys }: Answer): string {
  const list: ReadonlyArray<Answer> = Array.isArray(keys) ? keys : [];
  const rows = list.map((key) => [
    String(key['alg']),
    String(key['state']),
    renderTime(key['since_at']),
    String(key['kid']),
  ]);
  if (rows.length === 0) return 'There are no signing keys: provisioning has not run.';
  return renderTable(['ALGORITHM', 'STATE', 'SINCE', 'KID'], rows);
}

function renderStart({ execution, mode }: Answer): string {
  const what = mode === 'emergency' ? 'An emergency rotation' : 'A rotation';
  return [
    `${what} has started: ${execution}`,
    'Follow it with keys status, or in the console of Step Functions.',
  ].join('\n');
}

function renderStatus(answer: Answer): string {
  if (answer['state'] === 'none') return 'Signing keys were never rotated.';
  const { state, execution_id: id, mode } = answer;
  const run = answer['execution_status'];
  const end = renderTime(answer['finished_at']);
  const begun = renderTime(answer['started_at']);
  const lines = [
    mode === 'first'
      ? `The first keys, made from ${begun}`
      : `Rotation ${id} (${mode}), begun ${begun}`,
    state === 'finished'
      ? `Finished ${end}.`
      : `Done: ${answer['last_step']}, ${renderTime(answer['last_step_at'])}`,
  ];
  const next = NEXT[String(answer['next_step'])];
  if (next !== undefined) lines.push(`Next, from ${renderTime(answer['next_step_at'])}: ${next}.`);
  if (run !== undefined) lines.push(`Execution: ${run}  ${answer['execution']}`);
  if (state === 'running' && run === 'FAILED') {
    lines.push('It failed. Redrive it: "Rotate signing keys" in docs/runbook.md says how.');
  }
  return lines.join('\n');
}
