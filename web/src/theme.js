// Sets the chosen theme before the first paint. Without a choice, the system's theme counts.
(function () {
  try {
    var theme = localStorage.getItem("doable.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (_) {
    // Without storage, there is no choice.
  }
})();
