import { useId, useState } from 'react';
import { Icon } from '../../theme/icons.tsx';
import styles from './new-file.module.css';

/** A connector file is far smaller; a browser that reads more would only keep a person waiting. */
const mostBytes = 1 << 20;

interface PickProps {
  onText: (text: string, name: string) => void;
  onFault: (fault: string) => void;
}

/** A file of this device: dropped here, or picked. It is read by the browser, and sent nowhere yet. */
export function PickFile({ onText, onFault }: PickProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > mostBytes) onFault(`${file.name} is larger than a connector file can be: 1 MiB is the most.`);
    else onText(await file.text(), file.name);
  };
  return (
    <div
      className={styles.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer.files[0]);
      }}
    >
      <Icon name="connectors" size={22} />
      <label htmlFor={id}>Choose a connector file, or drop it here</label>
      <input
        id={id}
        type="file"
        accept=".yaml,.yml,.json"
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          // the same file can be chosen again after it was changed
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
