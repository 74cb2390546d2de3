// The search: a query is cut into parts, the files of the index that hold them are loaded as scripts, and the pages
// that have every part are shown, each with the sentence that has most of them. src/reportkit/search.py makes the index
// and says how it is laid out; terms are cut here as they are there. Whatever is shown is set as text, never as markup.
(function () {
  "use strict";
  var form = document.getElementById("search");
  if (!form) { return; }
  var words = form.dataset;
  var list = document.getElementById("search-results");
  var count = document.getElementById("search-count");

  var SHOWN_AT_ONCE = 10;
  var LONGEST_TEXT = 65536;
  var LOOKED_AT = 8; // sentences of a page from which the one to be shown is chosen
  var LONGEST = 100; // characters of a query that are looked at
  var WHOLE_NAME = 100, PART_OF_NAME = 60, TEXT = 10, HEADING = 30; // a name outweighs whatever a text can reach
  var HAN = /^[\u3400-\u9fff]/;
  var TOKEN = /[\u3400-\u9fff]+|[a-z]+(?=\d{3})|[a-z0-9]+(?:(?:[.\-]|,(?=\d{3}))[a-z0-9]+)*/g;
  var NUMBER = /^\d[\d.,\-]*$/;
  var PARTICLE = /^(怎么样|怎样|如何|多少|什么|[的与和及在是了吗呢有年])/; // says nothing of what is asked for
  var NUMBER_GAP = /\ue000/g, AREA_GAP = /\ue001/g;

  // --- files ---------------------------------------------------------------------------------------

  var files = {}, waiting = {};
  window.reportkitSearch = { add: function (name, content) { waiting[name](content); } };

  function load(name) {
    files[name] = files[name] || new Promise(function (resolve, reject) {
      waiting[name] = resolve;
      var script = document.createElement("script");
      script.src = words.index + name + ".js";
      script.onerror = reject;
      document.head.appendChild(script);
    });
    return files[name];
  }

  // --- words: as in search.py ---------------------------------------------------------------------------

  function normalise(text, variants) {
    return Array.from(text, function (character) {
      var plain = character.normalize("NFKC").toLowerCase();
      if (plain.length !== 1 || character.length !== 1) { return character; }
      return variants.get(plain) || plain;
    }).join("");
  }

  var stemmer = new window.Stemmer();
  function stem(word) { return /^[a-z]+$/.test(word) ? stemmer.stemWord(word) : word; }

  function termOf(token) { return HAN.test(token) ? token : stem(token.replace(/,/g, "")); }

  function fileOf(term, number) {
    var sum = 0;
    for (var place = 0; place < term.length; place++) { sum = (sum * 31 + term.charCodeAt(place)) % 65521; }
    return sum % number;
  }

  function unpacked(runs) {
    var numbers = [], next = 0;
    runs.forEach(function (run) { // so many are skipped before one, or, below nought, so many more follow
      if (run >= 0) { next += run; }
      for (var left = run < 0 ? -run : 1; left > 0; left--) { numbers.push(next++); }
    });
    return numbers;
  }

  // --- the index of one language ---------------------------------------------------------------------------

  function Index(language, content) {
    this.language = language;
    this.content = content;
    this.variants = new Map();
    this.names = new Map(Object.entries(content.names));
    this.stop = new Set(content.stop);
    var pairs = Array.from(content.variants);
    for (var place = 0; place < pairs.length; place += 2) { this.variants.set(pairs[place], pairs[place + 1]); }
  }

  Index.open = function (language) {
    return load(language.code + "/index").then(function (content) { return new Index(language, content); });
  };

  Index.prototype.file = function (kind, number) { return load(this.language.code + "/" + kind + "-" + number); };

  // Where a term stands: "words" leads to patterns, "numbers" to pages.
  Index.prototype.postings = async function (term, kind) {
    var file = await this.file("terms", fileOf(term, this.content.files[0]));
    return Object.hasOwn(file[kind], term) ? unpacked(file[kind][term]) : [];
  };

  // Where a pattern stands; what it says is a file of its own, because a frequent word stands in most of them.
  Index.prototype.pattern = async function (number) {
    var size = this.content.files[1];
    var row = (await this.file("patterns", Math.floor(number / size)))[number % size];
    return { number: number, isHeading: row[0] === 1, pages: row.slice(1) };
  };

  Index.prototype.withText = async function (pattern) {
    var size = this.content.files[2];
    var row = (await this.file("texts", Math.floor(pattern.number / size)))[pattern.number % size];
    return Object.assign({ anchor: row[0], text: row[1] }, pattern);
  };

  // The patterns in which a token stands. A Chinese one stands where its pairs follow each other.
  Index.prototype.patternsWith = async function (token) {
    var found = HAN.test(token) && token.length > 1
      ? await this.patternsWithRun(token)
      : await this.postings(termOf(token), "words");
    return Promise.all(found.map(this.pattern, this));
  };

  Index.prototype.patternsWithRun = async function (run) {
    var starts = null; // pattern and place of what has been found so far, as one number
    for (var at = 0; at + 1 < run.length; at++) {
      var here = new Set(), pattern = 0, steps = await this.steps(run.slice(at, at + 2));
      for (var step = 0; step < steps.length; step += 2) {
        pattern += steps[step];
        here.add(pattern * LONGEST_TEXT + steps[step + 1] - at);
      }
      starts = starts ? new Set(Array.from(starts).filter(function (start) { return here.has(start); })) : here;
    }
    return Array.from(new Set(Array.from(starts, function (start) { return Math.floor(start / LONGEST_TEXT); })));
  };

  // Where a pair stands: how far on the next pattern is, and the place in it, and so on.
  Index.prototype.steps = async function (pair) {
    var file = await this.file("terms", fileOf(pair, this.content.files[0]));
    return Object.hasOwn(file.pairs, pair) ? file.pairs[pair] : [];
  };

  // --- a query in parts -------------------------------------------------------------------------------------

  // Words that together are a name, as in "li wan" or "liwan district", are one part.
  Index.prototype.parts = async function (query) {
    var tokens = normalise(query.slice(0, LONGEST), this.variants).match(TOKEN) || [];
    var parts = [];
    for (var start = 0; start < tokens.length;) {
      var end = tokens.length;
      while (end > start + 1 && !this.names.has(tokens.slice(start, end).join(""))) { end--; }
      var part = tokens.slice(start, end).join("");
      if (HAN.test(part)) {
        parts = parts.concat(await this.cut(part, new Map()) || [part]);
      } else if (!this.stop.has(part)) {
        parts.push(part);
      }
      start = end;
    }
    return Array.from(new Set(parts));
  };

  // A Chinese run as the longest pieces that are names or stand somewhere; null where it cannot be cut so.
  Index.prototype.cut = async function (run, known) {
    if (!run) { return []; }
    if (known.has(run)) { return known.get(run); }
    var pieces = null;
    for (var end = run.length; end > 1 && !pieces; end--) {
      var head = run.slice(0, end);
      if (!this.names.has(head) && !(await this.patternsWith(head)).length) { continue; }
      var rest = run.slice(end);
      var tail = await this.cut(rest.replace(PARTICLE, ""), known) || await this.cut(rest, known);
      pieces = tail && [head].concat(tail);
    }
    if (!pieces && PARTICLE.test(run)) { pieces = await this.cut(run.replace(PARTICLE, ""), known); }
    known.set(run, pieces);
    return pieces;
  };

  // --- from parts to pages -----------------------------------------------------------------------------------

  // How much of a heading a part is: all of "O3" in "O3，臭氧（ozone）".
  Index.prototype.share = function (part, heading) {
    return Math.max.apply(null, normalise(heading, this.variants).split(/[(),;:、]/).map(function (term) {
      return term.includes(part) ? part.length / term.trim().length : 0;
    }));
  };

  // What one part says of pages: page → worth, and the patterns it stands in.
  Index.prototype.rated = async function (part) {
    var worth = new Map(), hits = new Map(), covered = new Map(), patterns = [];
    function atLeast(page, value) { worth.set(page, Math.max(worth.get(page) || 0, value)); }
    if (NUMBER.test(part)) {
      (await this.postings(part.replace(/,/g, ""), "numbers")).forEach(function (page) { atLeast(page, TEXT); });
    } else {
      patterns = await Promise.all((await this.patternsWith(part)).map(function (pattern) {
        return pattern.isHeading ? this.withText(pattern) : pattern;
      }, this));
      patterns.forEach(function (pattern) {
        var share = pattern.isHeading ? this.share(part, pattern.text) : 0;
        unpacked(pattern.pages).forEach(function (page) {
          hits.set(page, (hits.get(page) || 0) + 1);
          covered.set(page, Math.max(covered.get(page) || 0, share));
        });
      }, this);
      hits.forEach(function (number, page) {
        atLeast(page, TEXT + Math.min(number, 3) + HEADING * covered.get(page));
      });
    }
    var names = this.names.get(part) || [];
    this.content.reports.forEach(function (report, number) {
      if (String(report[0]) === part) { atLeast(number, WHOLE_NAME); }
      names.forEach(function (name) {
        if (report[1 + name[0]] === name[1]) { atLeast(number, name[2] ? WHOLE_NAME : PART_OF_NAME); }
      });
    });
    return { part: part, worth: worth, patterns: patterns };
  };

  // Pages that have every part, the worthiest first; equal ones newest year first, then by area, then by chapter.
  Index.prototype.find = async function (query) {
    var index = this;
    var parts = await index.parts(query);
    var rated = await Promise.all(parts.map(index.rated, index));
    if (!rated.length) { return []; }
    var pages = Array.from(rated[0].worth.keys()).filter(function (page) {
      return rated.every(function (one) { return one.worth.has(page); });
    });
    function sum(page) { return rated.reduce(function (total, one) { return total + one.worth.get(page); }, 0); }
    function order(page) {
      var report = index.content.reports[page]; // the first pages are reports, the others written
      return report ? [-report[0], report[1], report[2]] : [0, 0, page];
    }
    return pages.map(function (page) { return { index: index, page: page, worth: sum(page), order: order(page), rated: rated }; })
      .sort(function (one, other) {
        return other.worth - one.worth || one.order[0] - other.order[0] || one.order[1] - other.order[1] || one.order[2] - other.order[2];
      });
  };

  // --- what is shown of a page ----------------------------------------------------------------------------------

  // Where a part stands in a text: [start, end] of each place.
  Index.prototype.places = function (part, text) {
    var plain = normalise(text, this.variants), found = [], match;
    if (HAN.test(part)) {
      for (var at = plain.indexOf(part); at >= 0; at = plain.indexOf(part, at + part.length)) { found.push([at, at + part.length]); }
      return found;
    }
    var wanted = termOf(part);
    TOKEN.lastIndex = 0;
    while ((match = TOKEN.exec(plain))) {
      var whole = match[0].replace(/,/g, "");
      if (stem(whole) === wanted || whole.split("-").map(stem).includes(wanted)) {
        found.push([match.index, match.index + match[0].length]);
      }
    }
    return found;
  };

  // The title, address and sentence of a found page; the sentence is the one with most parts of the query.
  async function description(found) {
    var index = found.index, content = index.content, report = content.reports[found.page];
    var size = content.files[3];
    var row = (await index.file("pages", Math.floor(found.page / size)))[found.page % size]; // lead, numbers, name, title
    var area = report ? content.areas[report[1]] : ["", ""];
    var name = report ? [report[0], area[0], content.chapters[report[2]][0]].join("/") : row[2];
    var title = report ? [area[1], content.chapters[report[2]][1], report[0]].join(" · ") : row[3];
    var numbers = new Map(), last = 0;
    row[1].split(";").filter(Boolean).forEach(function (gaps) { // how far on the next pattern is, and its numbers
      var values = gaps.split(" ");
      last += Number(values[0]);
      numbers.set(last, values.slice(1));
    });
    var candidates = new Map(), parts = new Map(); // patterns of the page, and how many parts of the query each has
    found.rated.forEach(function (one) {
      one.patterns.forEach(function (pattern) {
        if (!unpacked(pattern.pages).includes(found.page)) { return; }
        candidates.set(pattern.number, pattern);
        parts.set(pattern.number, (parts.get(pattern.number) || 0) + 1);
      });
    });
    var likely = Array.from(candidates.values()).sort(function (one, other) {
      return parts.get(other.number) - parts.get(one.number) || one.isHeading - other.isHeading || one.number - other.number;
    }).slice(0, LOOKED_AT);
    var others = new Set([row[0]]);
    numbers.forEach(function (values, number) {
      if (others.size < LOOKED_AT && found.rated.some(function (one) { return NUMBER.test(one.part) && values.join(" ").includes(one.part); })) { others.add(number); }
    });
    likely.forEach(function (pattern) { others.delete(pattern.number); });
    likely = likely.concat(await Promise.all(Array.from(others).map(index.pattern, index)));
    likely = await Promise.all(likely.map(index.withText, index));
    var best = { points: -1 };
    likely.sort(function (one, other) { return one.number - other.number; }).forEach(function (pattern) {
      if (report && pattern.isHeading && !pattern.anchor) { return; } // the title of the result says the same
      var values = (numbers.get(pattern.number) || []).slice();
      var text = pattern.text.replace(AREA_GAP, area[1]).replace(NUMBER_GAP, function () { return values.shift(); });
      var places = found.rated.map(function (one) { return index.places(one.part, text); });
      var term = text.split(" — ")[0]; // that the rest explains, where there is one
      var isMeant = term !== text && found.rated.some(function (one) { return index.share(one.part, term) > 0.5; });
      var points = (pattern.isHeading ? 0 : 2) + (isMeant ? 1 : 0);
      found.rated.forEach(function (one, number) {
        if (places[number].length) { points += index.names.has(one.part) ? 4 : 5; } // a name stands in the title too
      });
      if (points > best.points) { best = { points: points, text: text, anchor: pattern.anchor, places: places.flat() }; }
    });
    return {
      language: index.language,
      title: title,
      href: index.language.home + name + ".html" + (best.anchor ? "#" + best.anchor : ""),
      text: best.text,
      places: best.places
    };
  }

  // --- the page -------------------------------------------------------------------------------------------------

  function element(tag, text) {
    var made = document.createElement(tag);
    if (text) { made.textContent = text; }
    return made;
  }

  function marked(text, places) {
    var shown = document.createDocumentFragment(), end = 0;
    places.sort(function (one, other) { return one[0] - other[0]; }).forEach(function (place) {
      if (place[0] < end) { return; }
      shown.append(text.slice(end, place[0]), element("mark", text.slice(place[0], place[1])));
      end = place[1];
    });
    shown.append(text.slice(end));
    return shown;
  }

  function item(result) {
    var made = element("li"), link = element("a", result.title), sentence = element("p");
    link.href = result.href;
    sentence.append(marked(result.text, result.places));
    if (result.language.code !== words.language) { made.lang = result.language.tag; }
    made.append(link, sentence);
    return made;
  }

  async function show(found, start) {
    var more = document.getElementById("search-more");
    var made = (await Promise.all(found.slice(start, start + SHOWN_AT_ONCE).map(description))).map(item);
    list.append.apply(list, made);
    if (more) { more.remove(); }
    if (start > 0 && made.length) { made[0].querySelector("a").focus(); }
    if (found.length > start + SHOWN_AT_ONCE) {
      var button = element("button", words.more);
      button.type = "button";
      button.id = "search-more";
      button.addEventListener("click", function () { show(found, start + SHOWN_AT_ONCE).catch(failed); });
      list.after(button);
    }
  }

  function failed(reason) {
    finished(words.failed);
    window.console.error(reason);
  }

  function finished(text) {
    count.textContent = text;
    form.dataset.state = "done";
  }

  // The languages one after the other, the page's own first, until one has something.
  async function search(query) {
    var languages = JSON.parse(words.languages);
    for (var place = 0; place < languages.length; place++) {
      var found = await (await Index.open(languages[place])).find(query);
      if (found.length) {
        await show(found, 0);
        var number = found.length === 1 ? words.one : words.count.split("{count}").join(String(found.length));
        return finished(place ? words.other + " " + number : number);
      }
    }
    return finished(words.none.split("{query}").join(query));
  }

  var query = (new URLSearchParams(window.location.search).get("q") || "").trim();
  form.elements.q.value = query;
  if (query) {
    search(query).catch(failed);
  } else {
    form.elements.q.focus();
    finished("");
  }
})();
