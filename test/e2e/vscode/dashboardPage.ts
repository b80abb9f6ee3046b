import type { FrameLocator, Locator } from 'playwright-core';
import { WAIT_MS } from '../../support/workbench';

/** The dashboard as a user reads and uses it. */
export class DashboardPage {
  readonly #frame: FrameLocator;

  constructor(frame: FrameLocator) {
    this.#frame = frame;
  }

  get status(): Locator {
    return this.#frame.locator('.status[role="status"]');
  }

  get findings(): Locator {
    return this.#frame.getByRole('region', { name: 'Findings' });
  }

  get body(): Locator {
    return this.#frame.locator('body');
  }

  /** Waits until the dashboard shows the loss of this name. */
  async shows(loss: string): Promise<void> {
    await this.#frame
      .getByRole('heading', { level: 1, name: loss, exact: true })
      .waitFor({ timeout: WAIT_MS });
  }

  /** Waits until the status line contains the text. */
  async reaches(text: RegExp): Promise<void> {
    await this.status.filter({ hasText: text }).waitFor({ timeout: WAIT_MS });
  }

  /** The number of steps in the progress bar. */
  async steps(): Promise<number> {
    return Number(await this.#frame.getByRole('progressbar').getAttribute('aria-valuenow'));
  }

  /** Waits until no more steps arrive. */
  async steady(): Promise<void> {
    for (let before = -1, now = await this.steps(); before !== now; now = await this.steps()) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
  }

  async setLr(text: string): Promise<void> {
    const field = this.#frame.getByRole('textbox', { name: 'Learning rate' });
    await field.fill(text);
    await field.press('Enter');
  }

  /** Selects a run of this loss in the history, or the report with this title. */
  async selectRun(loss: string, title = ''): Promise<void> {
    const option = this.#frame
      .getByRole('option', { name: `(${loss})` })
      .filter({ hasText: title })
      .first();
    // The list closes when an entry changes, for example when the fixes of a run have been tried.
    for (let tries = 1; ; tries++) {
      await this.#frame.getByRole('combobox', { name: 'Run history' }).click();
      const isChosen = await option.click({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
      if (isChosen) return;
      if (tries === 4) throw new Error(`the history has no entry of ${loss} ${title}`);
    }
  }

  /** The cells of a table of the displayed report, row by row. The first cell is the name of the row. */
  async reportRows(title: string): Promise<string[][]> {
    const rows = this.#reportTable(title).locator('tbody tr');
    await rows.first().waitFor({ timeout: 60_000 });
    return rows.evaluateAll((lines) =>
      lines.map((line) =>
        [...(line as unknown as { cells: Iterable<{ textContent: string }> }).cells].map(
          (cell) => cell.textContent,
        ),
      ),
    );
  }

  /** The cells of the heatmap whose texts match. */
  cells(text: RegExp): Locator {
    return this.#frame.locator('button.heatCell').filter({ hasText: text });
  }

  async pressInRow(title: string, row: string, button: RegExp): Promise<void> {
    await this.#reportTable(title)
      .getByRole('row')
      .filter({ has: this.#frame.getByRole('rowheader', { name: row, exact: true }) })
      .getByRole('button', { name: button })
      .click();
  }

  #reportTable(title: string): Locator {
    return this.#frame.getByRole('region', { name: title, exact: true });
  }

  async press(button: string | RegExp): Promise<void> {
    await this.#frame.getByRole('button', { name: button, exact: true }).first().click();
  }

  chart(title: string): Locator {
    return this.#frame.getByRole('article', { name: title, exact: true });
  }

  charts(): Locator {
    return this.#frame.locator('article.card');
  }

  /**
   * The number of pixels of a chart's canvas that do not have its most frequent colour, which is the
   * background.
   */
  async drawnPixels(title: string): Promise<number> {
    return this.chart(title)
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as unknown as {
          width: number;
          height: number;
          getContext(kind: '2d'): {
            getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
          };
        };
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const counts = new Map<string, number>();
        for (let i = 0; i < data.length; i += 4) {
          const colour = `${data[i]},${data[i + 1]},${data[i + 2]},${data[i + 3]}`;
          counts.set(colour, (counts.get(colour) ?? 0) + 1);
        }
        return data.length / 4 - Math.max(...counts.values());
      });
  }

  /** Switches a chart to its table and reads it: the header, then step and values of each row. */
  async table(title: string): Promise<{ head: string[]; rows: string[][] }> {
    const card = this.chart(title);
    const table = card.locator('table');
    if (!(await table.isVisible())) {
      await card.getByRole('button', { name: `${title}: options` }).click();
      await card.getByRole('menuitemcheckbox', { name: 'Table' }).click();
    }
    await table.waitFor();
    // In one call, because a table has hundreds of cells.
    const [head = [], ...rows] = await table
      .locator('tr')
      .evaluateAll((lines) =>
        lines.map((line) =>
          [...(line as unknown as { cells: Iterable<{ textContent: string }> }).cells].map(
            (cell) => cell.textContent,
          ),
        ),
      );
    return { head, rows };
  }
}
