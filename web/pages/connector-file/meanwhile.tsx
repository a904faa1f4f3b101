import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Card } from '../../parts/card/card.tsx';
import { Time } from '../../parts/time/time.tsx';
import { revisionsQuery } from '../../server/queries/connectors.ts';

interface MeanwhileProps {
  name: string;
  /** What somebody else has saved. */
  revision: number;
  /** Whether the editor shows what differs already. */
  shown: boolean;
  show: () => void;
  /** Gives up what is typed. */
  beginAgain: () => void;
}

/** Somebody else has saved a revision while this one was edited. Nothing is overwritten, and nothing that is typed is lost. */
export function Meanwhile({ name, revision, shown, show, beginAgain }: MeanwhileProps) {
  const revisions = useQuery(revisionsQuery(name));
  const saved = revisions.data?.items.find((each) => each.revision === revision);
  return (
    <div role="alert">
      <Card title={`Revision ${String(revision)} was saved meanwhile`} tone="warn">
        <div className="stack">
          {saved && (
            <p>
              By {saved.createdBy.replace(/^user:/, '')}, <Time at={saved.createdAt} />.
            </p>
          )}
          {shown ? (
            <p>
              The editor has your text. Lines that only revision {revision} has are struck out, lines that only your
              text has are marked. Beside each place stands a button that takes the lines of revision {revision}. To
              save puts your text over revision {revision}. To begin again gives your text up.
            </p>
          ) : (
            <p>Your text is as you left it. Look at what differs before you save.</p>
          )}
          <div className="row">
            {!shown && (
              <Button variant="default" onClick={show}>
                Show what differs
              </Button>
            )}
            <Button variant="default" onClick={beginAgain}>
              Begin again from revision {revision}
            </Button>
          </div>
        </div>
      </Card>
    </div>
  );
}
