// Sets the chosen theme and the height of rows before the first paint. Without a choice, the system's theme counts.
(function () {
  try {
    var theme = localStorage.getItem("doable.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (localStorage.getItem("doable.density") === "compact") document.documentElement.dataset.density = "compact";
  } catch (_) {
    // Without storage, there is no choice.
  }
})();
