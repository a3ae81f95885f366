import { safeAddress } from '../links.ts';
import type { CopyProgress } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';

const STEPS: ReadonlyArray<CopyProgress['state']> = ['collecting', 'waiting', 'writing'];

interface UnderWayProps {
  readonly copy: CopyProgress;
  readonly reloadUrl: string;
  readonly voice: Voice;
}

/** Which step a copy of somebody's data is at, and what that waits for. */
export function UnderWay({ copy, reloadUrl, voice }: UnderWayProps) {
  const { say } = voice;
  return (
    <div role="status">
      <p class="lede">{say('export.under-way')}</p>
      <h2 id="step">{say(`export.step-${copy.state}`)}</h2>
      <progress max={STEPS.length} value={STEPS.indexOf(copy.state) + 0.5} aria-labelledby="step" />
      <p class="small">
        <Detail copy={copy} voice={voice} />
      </p>
      <a class="button quiet" href={safeAddress(reloadUrl)}>
        {say('action.reload')}
      </a>
    </div>
  );
}

function Detail({ copy, voice }: Pick<UnderWayProps, 'copy' | 'voice'>) {
  const { say } = voice;
  switch (copy.state) {
    case 'collecting':
      return <>{say('export.collected', { count: copy.collected })}</>;
    case 'waiting':
      return (
        <>
          {say('export.waiting', { count: copy.services })}{' '}
          <When message="export.waiting-until" at={copy.until} voice={voice} length="long" />
        </>
      );
    case 'writing':
      return <>{say('export.writing')}</>;
  }
}
