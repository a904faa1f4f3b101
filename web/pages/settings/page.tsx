import { Checkbox, Radio } from '@mantine/core';
import { Card } from '../../parts/card/card.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { changeSettings, useSettings } from '../../settings/store.ts';

export function SettingsPage() {
  const { theme, shortcuts } = useSettings();
  return (
    <>
      <PageHead title="Settings" tab="Settings" />
      <div className="stack">
        <Card title="Colours">
          <Radio.Group
            aria-label="Colours"
            value={theme}
            onChange={(chosen) => {
              changeSettings({ theme: chosen });
            }}
          >
            <div className="row">
              <Radio value="system" label="As the system has them" />
              <Radio value="light" label="Light" />
              <Radio value="dark" label="Dark" />
            </div>
          </Radio.Group>
        </Card>
        <Card title="Keys">
          <Checkbox
            label="Single keys go to pages, rows and filters, and tick rows as seen (? lists them)"
            checked={shortcuts}
            onChange={(event) => {
              changeSettings({ shortcuts: event.currentTarget.checked });
            }}
          />
        </Card>
        <p className="dim">These settings are kept in this browser.</p>
      </div>
    </>
  );
}
