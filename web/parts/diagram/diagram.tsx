import { useElementSize } from '@mantine/hooks';
import { useId, type ReactNode } from 'react';
import type { Picture } from '../../model/lines.ts';
import styles from './diagram.module.css';

interface DiagramProps<Of extends Picture> {
  label: string;
  /** The picture for so much room, in pixels. */
  layout: (width: number) => Of;
  /** What stands in a box, a link first; the keyboard takes the order of the boxes. */
  box: (box: Of['boxes'][number], place: number) => ReactNode;
}

/** Boxes with lines between them. Places are attributes, which the policy of the page allows; it scrolls within itself. */
export function Diagram<Of extends Picture>({ label, layout, box }: DiagramProps<Of>) {
  const { ref, width } = useElementSize();
  const arrowHead = useId();
  const picture = width > 0 ? layout(Math.floor(width)) : undefined;
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={`${label}, scrolls`}>
      <div ref={ref} />
      {picture && (
        <svg
          role="group"
          aria-label={label}
          width={picture.width}
          height={picture.height}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
        >
          <marker
            id={arrowHead}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto-start-reverse"
          >
            <path d="M0 0 8 4 0 8z" className={styles.arrow} />
          </marker>
          <g aria-hidden="true">
            {picture.lines.map(({ path, arrow, dashed }, i) => (
              <path
                key={i}
                d={path}
                className={styles.line}
                data-dashed={dashed}
                {...{ [arrow === 'end' ? 'markerEnd' : 'markerStart']: `url(#${arrowHead})` }}
              />
            ))}
          </g>
          {picture.boxes.map((each, i) => (
            <foreignObject key={i} x={each.x} y={each.y} width={each.width} height={each.height}>
              <div className={styles.box}>{box(each, i)}</div>
            </foreignObject>
          ))}
        </svg>
      )}
    </div>
  );
}
