import { Drawer, Modal } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';

interface DialogProps {
  title: string;
  size?: 'md' | 'lg';
  /** At the side of the page: the list it belongs to stays in view. */
  aside?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page. The focus goes back to where it was before. */
export function Dialog({ title, size = 'md', aside = false, onClose, children }: DialogProps) {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // after the dialog has let it go; what is gone meanwhile cannot have it
      setTimeout(() => {
        if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body)
          before.focus({ preventScroll: true });
      });
    },
    [before],
  );
  if (aside)
    return (
      <Drawer
        opened
        onClose={onClose}
        title={title}
        size={size}
        position="right"
        overlayProps={{ backgroundOpacity: 0.2 }}
      >
        {children}
      </Drawer>
    );
  return (
    <Modal opened onClose={onClose} title={title} size={size}>
      {children}
    </Modal>
  );
}
