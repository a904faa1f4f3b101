import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { testConnector } from '../../server/actions.ts';

/** Whether each connection answers, asked now. */
export function TestDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const test = useQuery({
    queryKey: ['test', name],
    queryFn: () => testConnector(name, crypto.randomUUID()),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Dialog onClose={onClose} title={`Test of ${name}`}>
      <Answered query={test} rows={2}>
        {({ connections }) => (
          <ul className="stack">
            {connections.map(({ connection, ok, message }) => (
              <li key={connection}>
                <StatusMark status={ok ? 'completed' : 'failed'} words={ok ? 'answers' : 'fails'} />{' '}
                <strong>{connection}</strong>
                <p>{message}</p>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Dialog>
  );
}
