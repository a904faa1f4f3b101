/** Icons of our own, 16 × 16, in the colour of the text. They are always beside a word, so nobody hears them. */
const paths = {
  overview: 'M2 8.5 8 3l6 5.5M4 7v6.5h8V7',
  connectors: 'M6 2v3M10 2v3M4 5h8v3a4 4 0 0 1-8 0zM8 12v2.5',
  syncs: 'M13.5 6A6 6 0 0 0 3 5M2.5 2v3h3M2.5 10A6 6 0 0 0 13 11m.5 3v-3h-3',
  held: 'M5.5 3v10M10.5 3v10',
  jobs: 'M8 4.5V8l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  resources: 'M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.6 2.2-4 5-4s5 1.4 5 4',
  errors: 'M8 2.5 14.5 13.5h-13zM8 6.5v3M8 11.6v.1',
  search: 'M11.5 11.5 14 14M12.5 7.5a5 5 0 1 1-10 0 5 5 0 0 1 10 0z',
  settings: 'M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M9 3v3M4 10v3',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  close: 'M4 4l8 8M12 4l-8 8',
  next: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  copy: 'M5.5 5.5V3a.5.5 0 0 1 .5-.5h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5h-2.5M3 5.5h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V6a.5.5 0 0 1 .5-.5z',
  download: 'M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14z',
  plus: 'M8 3v10M3 8h10',
  arrow: 'M2.5 8h11M9 3.5 13.5 8 9 12.5',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z',
  clock: 'M8 4.5V8l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  // shapes of states
  done: 'M15 8A7 7 0 1 1 1 8a7 7 0 0 1 14 0zM4.8 8.3l2.2 2.2 4.2-4.6',
  partly: 'M8 1.5 14.5 8 8 14.5 1.5 8zM8 5v3.5M8 10.6v.1',
  paused: 'M2 2h12v12H2zM6.2 5.5v5M9.8 5.5v5',
  failed: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  refused: 'M15 8A7 7 0 1 1 1 8a7 7 0 0 1 14 0zM3.2 3.2l9.6 9.6',
  running: 'M8 1.5A6.5 6.5 0 1 1 1.5 8M8 4.5V8h3.5',
  waiting: 'M4 2h8M4 14h8M5 2c0 3 6 3.5 6 6s-6 3-6 6M11 2c0 3-6 3.5-6 6s6 3 6 6',
  skipped: 'M3 3.5 8 8l-5 4.5zM8.5 3.5l5 4.5-5 4.5z',
  replaced: 'M3 3h7v7H3zM6 12.5h7v-7',
};
export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
