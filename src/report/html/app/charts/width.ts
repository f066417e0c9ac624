import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** What fits twice on a page. */
const onPaper = 340;

/** The width that a drawing has, measured before it is first seen, and when it changes; on paper it is known. */
export function useWidth(printing: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(printing ? onPaper : 640);
  useLayoutEffect(() => {
    if (printing) return;
    const element = ref.current!;
    const measure = () => {
      const { width } = element.getBoundingClientRect();
      if (width > 0) setWidth(Math.round(width));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [printing]);
  // what was on the screen before is drawn anew for paper
  return [ref, printing ? onPaper : width] as const;
}
