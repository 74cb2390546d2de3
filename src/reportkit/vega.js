// A specification of Vega-Lite → SVG, outside a browser. `Vega`, `VegaLite`, `advances`, `kerning` and `locales` stand
// above this.

// A text is as wide as its characters are one after the other, and no wider than it may be, since it is cut off there.
// A character of which nothing is said is one em wide.
Vega.textMetrics.width = (item, text) => {
  let width = 0;
  let before = "";
  for (const character of String(text ?? "")) {
    width += (advances[character] ?? EM) + (kerning[before + character] ?? 0);
    before = character;
  }
  return Math.min((width * (item.fontSize ?? 11)) / EM, item.limit || Infinity);
};

async function svg(specification, language) {
  try {
    const compiled = VegaLite.compile(JSON.parse(specification)).spec;
    const view = new Vega.View(Vega.parse(compiled), { renderer: "none", locale: locales[language] });
    const drawn = await view.toSVG();
    view.finalize();
    return drawn;
  } catch (error) {
    throw String(error); // without the line of the program it comes from, which has a million characters
  }
}
