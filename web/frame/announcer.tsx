import { useAnnouncement } from '../server/live/announce.ts';

/** Says to a screen reader what has happened meanwhile, wherever it stands, and interrupts nothing. */
export function Announcer() {
  const sentence = useAnnouncement();
  return (
    <div className="only-heard" role="log" aria-live="polite" aria-atomic="true" aria-label="What has happened">
      {sentence}
    </div>
  );
}
