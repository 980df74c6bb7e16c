// Small comforts for browsers that run scripts; every page works without them.
(function () {
  "use strict";

  // The reader's own time zone, as long as they have not chosen one.
  document.querySelectorAll("select[data-guess-zone]").forEach(function (select) {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    var known = Array.from(select.options).some(function (option) { return option.value === zone; });
    if (known && select.value === "UTC") { select.value = zone; }
  });

  // A slider says its step as a word, not as a number.
  document.querySelectorAll("input[type=range][data-words]").forEach(function (slider) {
    var words = slider.dataset.words.split("|");
    var say = function () { slider.setAttribute("aria-valuetext", words[slider.value]); };
    slider.addEventListener("input", say);
    say();
  });

  // A search over the categories.
  document.querySelectorAll("[data-filter]").forEach(function (box) {
    var groups = document.querySelectorAll("#" + box.dataset.filter + " details");
    var nothing = document.getElementById(box.dataset.filter + "_nothing");
    box.closest("[hidden]").hidden = false;
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      var shown = 0;
      groups.forEach(function (group) {
        var hits = 0;
        group.querySelectorAll("label").forEach(function (label) {
          var hit = !wanted || label.textContent.toLowerCase().includes(wanted);
          label.hidden = !hit;
          hits += hit ? 1 : 0;
        });
        group.hidden = hits === 0;
        if (wanted) { group.open = hits > 0; }
        shown += hits;
      });
      nothing.hidden = shown > 0;
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); }
    });
  });
})();
