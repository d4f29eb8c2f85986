// Measures a page from within: the value of this script is what `PageMeasures` in page-measures.ts says.
(() => {
  for (const details of document.querySelectorAll('details')) details.open = true;

  const isHidden = (element) => element.closest('caption, script, style') !== null;

  /** A box, as far as the scrolling region around it lets it be seen. */
  const seen = (element, { left, top, right, bottom }) => {
    const region = element.closest('[role=region]')?.getBoundingClientRect();
    if (!region) return { left, top, right, bottom };
    return {
      left: Math.max(left, region.left),
      top: Math.max(top, region.top),
      right: Math.min(right, region.right),
      bottom: Math.min(bottom, region.bottom),
    };
  };

  const boxesOf = (node) => {
    if (node.parentElement.closest('svg')) return [node.parentElement.getBoundingClientRect()];
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.trim() === '' || isHidden(node.parentElement)) continue;
    for (const box of boxesOf(node)) {
      const visible = seen(node.parentElement, box);
      if (visible.right > visible.left) texts.push({ text: node.data, node, ...visible });
    }
  }

  /** Less than this is the rounding of boxes, in pixels. */
  const TOLERANCE = 1;
  const overlaps = [];
  const sorted = texts.toSorted((one, other) => one.top - other.top);
  sorted.forEach((one, index) => {
    for (let next = index + 1; next < sorted.length; next++) {
      const other = sorted[next];
      if (other.top > one.bottom - TOLERANCE) break;
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (width > TOLERANCE && one.node !== other.node) overlaps.push([one.text, other.text]);
    }
  });

  const cutOff = [...document.querySelectorAll('svg text')]
    .filter((text) => {
      const chart = text.ownerSVGElement.getBoundingClientRect();
      const box = text.getBoundingClientRect();
      return (
        box.left < chart.left - TOLERANCE ||
        box.right > chart.right + TOLERANCE ||
        box.top < chart.top - TOLERANCE ||
        box.bottom > chart.bottom + TOLERANCE
      );
    })
    .map((text) => text.textContent);

  const beyondThePage = texts
    .filter(({ left, right }) => left < -TOLERANCE || right > innerWidth + TOLERANCE)
    .map(({ text }) => text);

  const tables = [...document.querySelectorAll('table')].map((table) => ({
    caption: table.caption.textContent,
    lines: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)),
  }));

  return {
    pageWidth: document.scrollingElement.scrollWidth,
    texts: texts.length,
    smallestText: Math.min(
      ...[...document.querySelectorAll('svg text')].map(
        (text) => Number.parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d,
      ),
    ),
    overlaps: overlaps.slice(0, 20),
    cutOff: cutOff.slice(0, 20),
    beyondThePage: beyondThePage.slice(0, 20),
    elements: {
      script: document.querySelectorAll('script:not([type="application/json"])').length,
      img: document.querySelectorAll('img').length,
      nameless: document.querySelectorAll('svg:not([role=img][aria-label])').length,
    },
    tables,
  };
})();
