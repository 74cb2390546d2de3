// Charts can be opened as interactive ones; the program for that is fetched when somebody asks for the first.
(function () {
  "use strict";
  var own = document.currentScript.src;
  var words = document.documentElement.lang === "en"
    ? { open: "Open the interactive chart", close: "Back to the plain chart", failed: "The interactive chart could not be loaded." }
    : { open: "打开交互图", close: "回到静态图", failed: "交互图未能加载。" };
  var numbers = { "zh-CN": { decimal: ".", thousands: ",", grouping: [3], currency: ["¥", ""] } };

  function load(done, failed) {
    if (window.vegaEmbed) { done(); return; }
    var script = document.createElement("script");
    script.src = new URL("charts.js", own).href;
    script.onload = done;
    script.onerror = failed;
    document.head.appendChild(script);
  }

  function embed(figure, target, specification) {
    var options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true }, config: { mark: { tooltip: true } }, formatLocale: numbers[document.documentElement.lang] };
    return window.vegaEmbed(target, specification, options).then(function () {
      figure.classList.add("live");
      target.hidden = false;
    });
  }

  // On a phone the switches scroll sideways: show the place the reader is at.
  document.querySelectorAll(".switch ul").forEach(function (list) {
    var here = list.querySelector("[aria-current]");
    if (here) { list.scrollLeft = here.offsetLeft - list.offsetLeft - 16; }
  });

  document.querySelectorAll("figure.chart").forEach(function (figure) {
    var source = figure.querySelector("script.spec");
    var target = figure.querySelector(".interactive");
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = words.open;
    button.addEventListener("click", function () {
      if (figure.classList.contains("live")) {
        figure.classList.remove("live");
        target.hidden = true;
        button.textContent = words.open;
        return;
      }
      button.disabled = true;
      var failed = function () { button.textContent = words.failed; };
      load(function () {
        embed(figure, target, JSON.parse(source.textContent)).then(function () {
          button.disabled = false;
          button.textContent = words.close;
        }, failed);
      }, failed);
    });
    figure.appendChild(button);
  });
})();
