import type { Page } from "playwright-core";

export interface Contrast {
  readonly color: string;
  readonly background: string;
  readonly ratio: number;
}

/** Relative luminance of `rgb(…)`: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = Array.from(color.matchAll(/\d+/g), ([part]) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Each pair of colours that text of the page has, names of columns before values among it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export async function contrasts(page: Page): Promise<Contrast[]> {
  const pairs = await page.evaluate(() => {
    const background = getComputedStyle(document.body).backgroundColor;
    const colors = Array.from(document.body.querySelectorAll("*"), (element) => [
      getComputedStyle(element).color,
      getComputedStyle(element, "::before").color,
    ]);
    return [...new Set(colors.flat())].map((color) => ({ color, background }));
  });
  return pairs.map(({ color, background }) => {
    const [darker = 0, lighter = 0] = [luminance(color), luminance(background)].sort((a, b) => a - b);
    return { color, background, ratio: (lighter + 0.05) / (darker + 0.05) };
  });
}
