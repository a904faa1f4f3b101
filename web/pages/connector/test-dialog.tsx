import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { Answered, Loading } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { testQuery } from '../../server/queries/connectors.ts';

/** Whether each connection answers, asked now. */
export function TestDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const test = useQuery({ ...testQuery(name), staleTime: 0 });
  return (
    <Dialog onClose={onClose} title={`Test of ${name}`}>
      {/* the answer of before is none of now */}
      {test.isFetching ? (
        <Loading rows={2} />
      ) : (
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
      )}
    </Dialog>
  );
}
