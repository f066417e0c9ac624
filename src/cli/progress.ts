import type { Progress } from '../index.ts';
import { printable } from '../model/text.ts';
import type { Output } from './io.ts';
import { widthOf } from './io.ts';

/** One line of a terminal, written over again and erased at the end. */
export class ProgressLine {
  readonly #output: Output;
  #shownAt = 0;
  #visible = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show({ step, fraction }: Progress): void {
    const now = performance.now();
    // more often than this is work for nobody
    if (this.#visible && now - this.#shownAt < 80) return;
    this.#shownAt = now;
    this.#visible = true;
    const percent = String(Math.floor(Math.min(Math.max(fraction, 0), 1) * 100)).padStart(3);
    void this.#output.write(`\r\u001b[2K${`${percent} %  ${printable(step)}`.slice(0, widthOf(this.#output) - 1)}`);
  }

  async erase(): Promise<void> {
    if (this.#visible) await this.#output.write('\r\u001b[2K');
    this.#visible = false;
  }
}
