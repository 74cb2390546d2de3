// Long tables can be searched, filtered by a column of few values, and sorted by any; without scripts they are as written.
(function () {
  "use strict";
  var LONG = 20, FEW = 12;
  var english = document.documentElement.lang === "en";
  var words = english
    ? { search: "Search this table", all: "all", shown: "{shown} of {all} rows", sort: "Sort by {column}" }
    : { search: "在本表中查找", all: "全部", shown: "{all}行中的{shown}行", sort: "按{column}排序" };
  var collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  function text(row, column) {
    var cell = row.cells[column];
    var value = cell.querySelector("data");
    return value ? value.value : cell.textContent.trim();
  }

  // Numbers by their size, all else as the language sorts it.
  function compare(one, other) {
    var difference = one === "" || other === "" ? NaN : Number(one) - Number(other);
    return Number.isNaN(difference) ? collator.compare(one, other) : difference;
  }

  function filled(words, values) {
    return words.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }

  // The different values of a column, where they are few enough to choose from.
  function choices(rows, column) {
    var found = Array.from(new Set(rows.map(function (row) { return text(row, column); })));
    return found.length > 1 && found.length <= FEW ? found.sort(collator.compare) : [];
  }

  function labelled(label, control) {
    var element = document.createElement("label");
    element.append(label, control);
    return element;
  }

  function enhance(table) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    var headings = Array.from(table.tHead.rows[0].cells);
    var controls = document.createElement("form");
    controls.className = "table-controls";
    controls.addEventListener("submit", function (event) { event.preventDefault(); });

    var query = document.createElement("input");
    query.type = "search";
    controls.append(labelled(words.search, query));
    var selects = headings.map(function (heading, column) {
      var values = heading.classList.contains("number") ? [] : choices(rows, column);
      if (!values.length) { return null; }
      var select = document.createElement("select");
      [words.all].concat(values).forEach(function (value, place) { select.add(new Option(value, place ? value : "")); });
      controls.append(labelled(heading.textContent.trim(), select));
      return select;
    });
    var told = document.createElement("output");
    controls.append(told);

    function filter() {
      var wanted = query.value.trim().toLowerCase();
      var shown = rows.filter(function (row) {
        var isShown = row.textContent.toLowerCase().includes(wanted) && selects.every(function (select, column) {
          return !select || !select.value || text(row, column) === select.value;
        });
        row.hidden = !isShown;
        return isShown;
      });
      told.value = filled(words.shown, { shown: shown.length, all: rows.length });
    }

    headings.forEach(function (heading, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.title = filled(words.sort, { column: heading.textContent.trim() });
      button.append.apply(button, Array.from(heading.childNodes));
      heading.append(button);
      button.addEventListener("click", function () {
        var down = heading.getAttribute("aria-sort") === "ascending";
        headings.forEach(function (other) { other.removeAttribute("aria-sort"); });
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort(function (one, other) {
          return (down ? -1 : 1) * compare(text(one, column), text(other, column));
        });
        body.append.apply(body, rows);
      });
    });
    controls.addEventListener("input", filter);
    table.closest(".table-scroll").before(controls);
    filter();
  }

  document.querySelectorAll(".table-scroll > table").forEach(function (table) {
    if (table.tBodies[0].rows.length > LONG) { enhance(table); }
  });
})();
