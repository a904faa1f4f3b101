import { PreviewRecord } from '../../dialogs/preview-record.tsx';
import { Dialog } from '../../parts/dialog/dialog.tsx';

interface PreviewDialogProps {
  name: string;
  /** As it stands in the editor. */
  file: unknown;
  onClose: () => void;
}

/** What the file would make of a record, before it is saved. */
export function PreviewDialog({ name, file, onClose }: PreviewDialogProps) {
  const types = ((file as { entityTypes?: { name: string; displayName?: string }[] } | null)?.entityTypes ?? []).map(
    (type) => ({ name: type.name, displayName: type.displayName ?? type.name }),
  );
  return (
    <Dialog title="Preview with the text of the editor" onClose={onClose} size="lg">
      <p className="dim">Writes nothing, and saves nothing. The row is taken from the newest export.</p>
      <PreviewRecord name={name} types={types} file={file} />
    </Dialog>
  );
}
