import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** True while the page is being put on paper. The browser takes what stands there when the event returns, so it is drawn at once. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const set = (value: boolean) => {
      const { debounceRendering } = options;
      options.debounceRendering = (draw) => draw();
      setPrinting(value);
      if (debounceRendering) options.debounceRendering = debounceRendering;
      else delete options.debounceRendering;
    };
    const before = () => set(true);
    const after = () => set(false);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}
