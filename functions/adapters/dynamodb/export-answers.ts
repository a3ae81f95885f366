import type { ReadExportPage } from '../../core/ports/exports.ts';
import type { ProcessorAnswers } from '../../core/ports/processor-answers.ts';
import type { Processors } from '../../core/ports/processors.ts';
import type { PrivacyPolicy } from '../../core/privacy-policy.ts';
import { toIsoTime } from '../../core/time.ts';

interface AnswersReaderDeps {
  readonly processors: Pick<Processors, 'list' | 'findSealed'>;
  readonly answers: Pick<ProcessorAnswers, 'open'>;
  readonly policy: PrivacyPolicy;
}

/** What processors returned of the person, as they gave it; who did not answer stands there as well. */
export function createAnswersReader({
  processors,
  answers,
  policy,
}: AnswersReaderDeps): ReadExportPage {
  return async ({ requestId, sub }) => {
    const told = await processors.list(requestId);
    const asked = policy.processors.filter(({ answersExports }) => answersExports);
    const records = asked.map(async ({ id: processorId, name }) => {
      const answeredAt = told.find((one) => one.processorId === processorId)?.acknowledgedAt;
      const sealed = await processors.findSealed(requestId, processorId);
      const data = sealed && (await answers.open(sub, { requestId, processorId }, sealed));
      const record = {
        ...{ processorId, name, hasAnswered: answeredAt !== undefined },
        ...(answeredAt !== undefined && { answeredAt: toIsoTime(answeredAt) }),
        ...(data !== undefined && { data }),
      };
      return { section: 'processors' as const, record };
    });
    return { records: await Promise.all(records) };
  };
}
