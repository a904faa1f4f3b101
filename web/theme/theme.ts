import { createTheme } from '@mantine/core';

/** Colours stand in tokens.css. What Mantine would inject a style for is not used. */
export const theme = createTheme({
  respectReducedMotion: true,
  defaultRadius: 'sm',
  components: {
    // the lock of the scroll bar would inject a style, which the policy of the page refuses;
    // the header of a dialog would count as a second banner of the page
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        radius: 'md',
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } },
      },
    },
    Drawer: {
      defaultProps: {
        lockScroll: false,
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } },
      },
    },
  },
});
