import { Button, Radio, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Card } from '../../parts/card/card.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { startSync } from '../../server/actions.ts';
import { proposeFile, saveFile, testFile } from '../../server/file-actions.ts';
import { packagesQuery } from '../../server/queries/connectors.ts';
import type { Package } from '../../server/types.ts';
import { counted } from '../../words/count.ts';
import styles from './new.module.css';
import { filledOf, SettingsForm, type Filled } from './settings-form.tsx';

const YamlEditor = lazy(async () => ({ default: (await import('../../editor/yaml-editor.tsx')).YamlEditor }));

type Proposal = Awaited<ReturnType<typeof proposeFile>>;
const steps = ['System', 'Settings', 'Types', 'First sync'];

/** From a system to the first held sync: nothing is stored before the last step, and nothing applied in it. */
export function NewConnector() {
  const navigate = useNavigate();
  const packages = useQuery(packagesQuery);
  const [step, setStep] = useState(0);
  const [chosen, setChosen] = useState<Package>();
  const [name, setName] = useState('');
  const [filled, setFilled] = useState<Filled>({ settings: {}, secrets: {} });
  const [proposal, setProposal] = useState<Proposal>();
  const [tested, setTested] = useState<string>();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const doing = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  };
  const discover = () =>
    doing(async () => {
      const found = await proposeFile({ name, package: chosen?.name ?? '', ...filledOf(filled, chosen) });
      setProposal(found);
      setText(found.file);
    });
  const test = () =>
    doing(async () => {
      const connection = { name: 'source', package: chosen?.name, ...filledOf(filled, chosen) };
      const { stringify } = await import('yaml');
      const { connections } = await testFile(stringify(placeholder(name, connection)));
      const [found] = connections;
      if (found?.ok === false) throw new Error(found.message);
      setTested(found?.message ?? 'It answers.');
    });
  const begin = (dryRun: boolean) =>
    doing(async () => {
      await saveFile(name, text, true, undefined);
      const sync = await startSync(name, { mode: 'complete', dryRun, priority: 'high' }, crypto.randomUUID());
      void navigate({ to: `/syncs/${sync.id}` });
    });
  const fits = /^[a-z][a-z0-9-]{0,62}$/.test(name);
  return (
    <>
      <PageHead title="Connect a system" tab="Connect a system" path={[{ to: '/connectors', name: 'Connectors' }]} />
      <ol className={styles.steps}>
        {steps.map((title, i) => (
          <li key={title} aria-current={i === step ? 'step' : undefined}>
            {i + 1}. {title}
          </li>
        ))}
      </ol>
      {error && <Problem error={error} />}
      {step === 0 && (
        <Card title="Which system?">
          <Answered query={packages} rows={6}>
            {({ items }) => (
              <Radio.Group
                aria-label="System"
                value={chosen?.name ?? ''}
                onChange={(value) => {
                  setChosen(items.find((each) => each.name === value));
                }}
              >
                <div className={styles.packages}>
                  {items.map((each) => (
                    <Radio key={each.name} value={each.name} label={each.displayName} description={each.description} />
                  ))}
                </div>
              </Radio.Group>
            )}
          </Answered>
          <p className={styles.actions}>
            <Button
              disabled={!chosen}
              onClick={() => {
                setStep(1);
              }}
            >
              Next
            </Button>
          </p>
        </Card>
      )}
      {step === 1 && chosen && (
        <Card title={`How is ${chosen.displayName} reached?`}>
          <div className="stack">
            <TextInput
              label="Connector name"
              description="Small letters, digits and hyphens: it stands in addresses and in logs"
              value={name}
              error={name !== '' && !fits ? 'Small letters, digits and hyphens, a letter first' : undefined}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
            <SettingsForm of={chosen} filled={filled} onFill={setFilled} />
            <p className="dim">
              A password cannot be typed here: it would be kept where people read it. Put it into a file or a variable
              of the worker, and name that.
            </p>
            {tested !== undefined && <p role="status">{tested}</p>}
            {proposal && (
              <p role="status">
                The system answers: {counted(proposal.connections[0]?.tables.length ?? 0, 'table is', 'tables are')}{' '}
                found, and types are guessed from them.
              </p>
            )}
            <p className={styles.actions}>
              <Button
                variant="default"
                onClick={() => {
                  setStep(0);
                }}
              >
                Back
              </Button>
              <Button variant="default" disabled={!fits} loading={busy} onClick={() => void test()}>
                Test the connection
              </Button>
              <Button
                variant={proposal ? 'default' : 'filled'}
                disabled={!fits}
                loading={busy}
                onClick={() => void discover()}
              >
                Discover
              </Button>
              <Button
                disabled={!proposal}
                onClick={() => {
                  setStep(2);
                }}
              >
                Next
              </Button>
            </p>
          </div>
        </Card>
      )}
      {step >= 2 && proposal && (
        <Card title={step === 2 ? 'Are these the types?' : 'Start'}>
          {step === 2 ? (
            <div className="stack">
              <p>Everything is guessed from names: read it, above all the keys.</p>
              <ul className={styles.guesses}>
                {proposal.guesses.map(({ pointer, reason }) => (
                  <li key={pointer}>
                    <code>{pointer}</code> {reason}
                  </li>
                ))}
              </ul>
              <Suspense fallback={<Loading rows={10} />}>
                <YamlEditor label="Connector file" text={text} faults={none} schema={undefined} onChange={setText} />
              </Suspense>
              <p className={styles.actions}>
                <Button
                  variant="default"
                  onClick={() => {
                    setStep(1);
                  }}
                >
                  Back
                </Button>
                <Button
                  onClick={() => {
                    setStep(3);
                  }}
                >
                  Next
                </Button>
              </p>
            </div>
          ) : (
            <div className="stack">
              <p>
                The connector is saved and read once. A dry run counts and judges only. The first sync is held, so that
                you see what it adds before anything is stored.
              </p>
              <p className={styles.actions}>
                <Button
                  variant="default"
                  onClick={() => {
                    setStep(2);
                  }}
                >
                  Back
                </Button>
                <Button variant="default" loading={busy} onClick={() => void begin(true)}>
                  Dry run
                </Button>
                <Button loading={busy} onClick={() => void begin(false)}>
                  Start the first sync
                </Button>
              </p>
            </div>
          )}
        </Card>
      )}
    </>
  );
}

const none: never[] = [];

/** A file that only says how the system is reached: its one type is never read. */
const placeholder = (name: string, connection: object) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name,
  connections: [connection],
  entityTypes: [
    {
      name: 'Placeholder',
      source: { connection: 'source', table: 'placeholder' },
      key: ['id'],
      properties: { id: { column: 'id' } },
    },
  ],
});
